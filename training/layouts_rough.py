"""What articles on the web hold besides sentences: stray bylines, captions, sub-headings, links, corrections.

Owns: the forms of such lines, and how many of them an article gets at its beginning, inside and at its end.
Does not know: where a story comes from and how its sentences are grouped (`layouts_stories`), pages.

Text that was cut from a web page by a program keeps them, and the gold of real pages counts them to the article. Of
two thousand such articles three in ten had one among the first three lines, half had one at the end, and one line in
eleven was of this kind. In the forms, {few}, {some} and {many} are 2 to 5, 5 to 9 and 8 to 18 words of the article,
{Name} is a person, {label} a made-up word or two.
"""

from __future__ import annotations

import random
from collections.abc import Sequence

from training import layouts_phrases as p

_HEAD = p.listed(
    "{Name}|{Name} and {Name}|By {Name}|By {Name}, {outlet}|{outlet}|{OUTLET}|{Name}~{outlet}|{Name}~{OUTLET}|{n} years "
    "ago|{label}|This article is more than {n} {unit} old|Updated at {clock}|Updated {clock}, {date}|{date}|Image "
    "copyright {credit} Image caption {many}|{LABEL}:|{LABEL}/OPINION:|{label}:|{title}|{title}~{title} · {clock}|{title} "
    "{clock}|{Title}|Enlarge this image toggle caption {Name}/{credit} {Name}/{credit}|CLOSE {many}. {Name}, "
    "{outlet}|{many}. (Photo: {Name}, {credit})|{Name}/{credit} {many}|{many} "
    "({credit})|({Name}/{credit})|({credit})|Photo: {credit}|Story highlights {many}~{some}~{some}|Story highlights "
    "{some}~{many}|{some}~{many}|{many}|{many}.|{some}.|{few}.|{some}?|“{some}”|Media playback is unsupported on your "
    "device Media caption {some}|Get all the latest on {few} and more delivered daily to your inbox. Sign up here.|LISTEN "
    "TO ARTICLE {clock} SHARE THIS ARTICLE Share Tweet Post Email|Editor's note: {many}.|The opinions expressed in this "
    "commentary are solely those of {Name}, who teaches at a university.|The opinions expressed by columnists are their "
    "own.|{NAME}, HOST:|x~{some}.|{Name} is the author of “{few}”.|{some} {month} {n}, {year}. {Name} / {credit} "
    "file|{some}~{Name}/{credit}|From the {few}|Latest:|{few}|{ad}|{share}|Watch {clock}|Video by {Name}|Print|{few}: "
    "{some}|({outlet}) —|Photographer: {Name}/{credit} Photographer: {Name}/{credit}|Also on {outlet}: {some}|( {few}: "
    "{some})|Listen · {clock}|Here are the facts:|Read more about {few}|{title}~{Name}"
)
_MIDDLE = p.listed(
    "{few}|{few}|{Few}|{few}|{heading}|{heading}|{heading}|{Heading}|{some}|{many}|{few}?|{few}:|{few}: "
    "{few}|{HEADING}|{FEW}|Related: {heading}|READ MORE: {heading}|SEE ALSO: {heading}|ALSO: {heading}|MORE: {some}|( "
    "{LABEL}: {some})|( Also on {outlet}: {heading})|{heading} Read more|{many} pic.twitter.com/{label} — {Name} "
    "(@{label}) {month} {n}, {year}|Image copyright {credit} Image caption {many}|{many} ({credit})|{many}. "
    "{Name}/{credit}|Media caption {many}|JUST WATCHED {some} Replay More Videos ... MUST WATCH|Watch: {some}|Video: {few} "
    "{clock}|{ad}|{ad}|{ad}~{ad}|Advertisement|{label}|{prompt}|Updated at {clock}|Update at {clock}. {some}:|UPDATE, "
    "{clock}: {many}.|{NAME}:|{Name}, {outlet}|{Name}|Analysis by {Name}|By {Name}, {outlet}, "
    "{few}|“{some}”|“{many}.”|“{few}”|“{many}” — {Name}|It was not.|Why?|No.|But not for long.|The result?|“It is over,” "
    "one of them said.|{some}.|{few}.|{few}...|In a statement, {few} said:|What we know|Key "
    "points|{bullets}|{bullets}|{bullets}|{numbers}|[{label}]|* * *|Slideshow ({n} Images)|{amount} for {some}|- {few}: "
    "{amount}|{n}. {few}|{n}. {heading}|Q: {some}?|Our original post continues:|For example:|Among recent cases:|Then "
    "there is this:|Watch the full {few} below:|CLICK HERE TO GET THE {LABEL} APP|{share}|Follow @{label}|{Name} "
    "({few})|{few} — {some}|{heading}~{Name}|{date}"
)
_TAIL = p.listed(
    "{Name} contributed to this report.|{Name} contributed to this story.|Additional reporting by {Name}|(Reporting by "
    "{Name}; Editing by {Name})|Reporting by {Name} in {few}; Editing by {Name}|{outlet} contributed to this "
    "report.|Follow {Name} on Twitter: @{label}|Follow {Name} on Twitter|Follow us @{label}|{Name} is a staff writer at "
    "{outlet}.|{Name} is a reporter.|{Name} writes about {few} for {outlet}. Follow: @{label}|Contact {Name} at "
    "{label}@example.org.|Write to {Name} at {label}@example.com|Correction: {many}.|Update: {many}.|Editor’s note: "
    "{many}.|Copyright {year} {outlet}. All rights reserved. This material may not be published, broadcast, rewritten or "
    "redistributed.|© {year} {outlet}|Read or share this story: https://example.com/{label}|Sign up for our "
    "newsletter|Sign up for Daily Newsletters Manage Newsletters|More: {heading}|Related stories:|{few}|READ MORE: "
    "{heading}|CLICK HERE TO READ MORE FROM {NAME}|{ad}|{share}|{prompt}|{label}|{few}|{some}|{some}.|“{some},” {Name} "
    "said.|Image copyright {credit} Image caption {many}|Send a tip to the news team.|This story has been updated.|(For a "
    "graphic on {few}, click here)|{Name}, {outlet}|{outlet}|—{Name}|- - -|Join us on Facebook.com/{label}|___|Like us on "
    "Facebook|Photo: {Name}/{credit}|With {Name} in {few}|This is {few}.|{date}"
)
#: Sentences of columns, services, company blogs and letters: they speak to the reader or of the writer.
_VOICE = p.listed(
    "I was wrong about this.|You can see why.|We have all been there.|Here is what you need to know.|If you are one of "
    "them, you are not alone.|I spoke to {Name}, who told me that {some}.|We asked {Name} for advice.|Ask your {few} "
    "before you decide.|Our {few} has not changed.|You should also know that {some}.|Your best bet is {few}.|My wife "
    "disagrees with me.|Let us be clear: {some}.|Tell us what you think.|Do not forget to {few}.|Make sure that you "
    "{some}.|I want to be fair.|We at {outlet} believe that {some}.|Thank you for your letter.|As a reader of this page "
    "you will know {some}.|I have two children, and I worry.|What would you do?|For more, visit {label}.example.com or "
    "call us.|We will send you {some} free of charge.|Our team is here to help you with {few}.|Choose {few} that suits "
    "you.|Click on the link to see {few}.|My own experience taught me that {some}.|You may have read that {some}.|Please "
    "note that {some}.|I am {Name}, and I work for {outlet}.|We are pleased to announce {some}.|Join us on {date}.|It "
    "costs {amount}, and you get {few}.|Have your say: is it {few}?|Frankly, I do not care.|We owe it to our "
    "children.|You do not have to agree with me.|Write to me at {label}@example.org."
)
_UNITS = ("years", "months", "year")


def roughen(paragraphs: list[str], title: str, titles: Sequence[str], rng: random.Random, *, edges: bool = True) -> None:
    """Put such lines into `paragraphs`, all of them part of the article.

    titles: headlines about the same matter, from which sub-headings are made. (Whole headlines about something else made
    headlines hard to believe: pages without marks lost ten points.)
    """
    fill = _Fill(paragraphs[:], title, titles, rng)
    if rng.random() < 0.45:
        inside = rng.choice((0.03, 0.06, 0.1, 0.2, 0.35))
        habit = rng.choice(_MIDDLE)  # what one site does again and again
        for at in range(len(paragraphs) - 1, 0, -1):
            if rng.random() < inside:
                paragraphs[at:at] = fill.lines(habit if rng.random() < 0.5 else rng.choice(_MIDDLE))
    if rng.random() < 0.06:  # a list of long items
        begin, sign = rng.randrange(len(paragraphs)), rng.choice((")", ".", ":", "."))
        mark = rng.choice(("{k}{s} ", "{k}{s} ", "• ", "- ", "Q{k}{s} ", "#{k} "))
        paragraphs[begin:] = [mark.format(k=k, s=sign) + text for k, text in enumerate(paragraphs[begin:], 1)]
    if not edges:
        return
    if rng.random() < 0.4:
        for _ in range(rng.choice((1, 1, 1, 2))):
            paragraphs[:0] = fill.lines(rng.choice(_HEAD))
    if rng.random() < 0.45:
        for _ in range(rng.choice((1, 1, 1, 2, 3))):
            paragraphs += fill.lines(rng.choice(_TAIL))


def speak(paragraphs: list[str], rng: random.Random) -> None:
    """Let the writer say "I", "we" and "you" in some of the paragraphs, or between them."""
    fill = _Fill(paragraphs[:], "", (), rng)
    often = rng.choice((0.15, 0.3, 0.6))
    for at in range(len(paragraphs) - 1, -1, -1):
        if rng.random() < often:
            said = " ".join(fill.lines(rng.choice(_VOICE))[0] for _ in range(rng.choice((1, 1, 2, 3))))
            way, text = rng.choice((0, 0, 1, 1, 2, 3)), paragraphs[at]
            paragraphs[at : at + 1] = ([f"{said} {text}"], [f"{text} {said}"], [text, said], [said, text])[way]


class _Fill:
    """Fills the blanks of a form with words of one article."""

    def __init__(self, paragraphs: list[str], title: str, titles: Sequence[str], rng: random.Random) -> None:
        self.paragraphs, self.title, self.titles, self.rng = paragraphs, title, titles, rng

    def lines(self, form: str) -> list[str]:
        """Return the lines of a form; "~" parts them."""
        if form in ("{bullets}", "{numbers}"):
            return self._list(form == "{numbers}")
        return [line for part in form.split("~") if (line := self._filled(part).strip())]

    def _filled(self, form: str) -> str:
        out, at = [], 0
        while (low := form.find("{", at)) >= 0:
            high = form.index("}", low)
            out += [form[at:low], self._blank(form[low + 1 : high])]
            at = high + 1
        return "".join(out) + form[at:]

    def _blank(self, name: str) -> str:
        rng = self.rng
        plain = name.lower()
        if plain in ("few", "some", "many"):
            text = self._words(*{"few": (2, 5), "some": (5, 9), "many": (8, 18)}[plain])
            if name == "Few":
                return text.title()
            text = text.upper() if name == "FEW" else text
            return text[:1].upper() + text[1:]
        if plain == "heading":
            text = rng.choice(self.titles) if self.titles else self._words(3, 8)
            if rng.random() < 0.75:
                text = " ".join(text.split()[: rng.randint(2, 6)]).rstrip(",;:")
            text = text[:1].upper() + text[1:]
            return text.upper() if name == "HEADING" else text.title() if name == "Heading" else text
        if plain == "title":
            return self.title.title() if name == "Title" else self.title
        made = {
            "name": lambda: p.person(rng),
            "outlet": lambda: rng.choice((*p.OUTLETS, *p.REAL_OUTLETS)),
            "credit": lambda: rng.choice(p.PHOTO),
            "label": lambda: p.invented(rng, rng.choice((1, 1, 2))),
            "clock": lambda: f"{rng.randint(1, 12)}:{rng.randint(0, 59):02d}{rng.choice(('', ' p.m. ET', ' a.m.', ' GMT'))}",
            "date": lambda: p.date(rng, rng.randrange(12))[0],
            "month": lambda: rng.choice(p.MONTHS),
            "year": lambda: str(rng.randint(2002, 2024)),
            "n": lambda: str(rng.randint(2, 28)),
            "unit": lambda: rng.choice(_UNITS),
            "amount": lambda: f"{rng.choice('$£€')}{rng.randint(2, 900)} {rng.choice(('million', 'billion', ''))}".strip(),
            "ad": lambda: p.phrase(rng, p.ADS, 0.1),
            "share": lambda: p.phrase(rng, p.SHARE, 0.1),
            "prompt": lambda: p.phrase(rng, p.PROMPTS, 0.2),
        }[plain]()
        return made.upper() if name.isupper() else made

    def _words(self, low: int, high: int) -> str:
        words = self.rng.choice(self.paragraphs).split()
        start = self.rng.randrange(max(1, len(words) - high))
        return " ".join(words[start : start + self.rng.randint(low, high)]).strip(".,;:”“\"'()")

    def _list(self, numbered: bool) -> list[str]:
        rng = self.rng
        mark = rng.choice(("", "", "• ", "- ", "* ", "– "))
        stop = rng.choice(("", "", ".", ";"))
        low, high = rng.choice(((2, 5), (5, 9), (8, 18)))
        out = []
        for k in range(rng.randint(2, 6)):
            text = self._words(low, high)
            out.append(f"{f'{k + 1}. ' if numbered else mark}{text[:1].upper()}{text[1:]}{stop}")
        return out
