"""What a news web page says around its article: tools, pitches, house rules, readers.

Owns: forms with blanks for such lines, and the writer that fills them (`Wording`).
Does not know: where on a page they stand (`layouts_web`).

In the forms {few}, {some} and {many} are words of the page's articles, {Name} is a person, {label} and {thing} are made up or
drawn, {n} is a number. All forms were written for this generator.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence

from training import layouts_phrases as p
from training.layouts_sheet import Story

TOOLS = p.listed(
    "Text size:|Text Size|A A A|[-] Text [+]|Larger text Smaller text|Print|Print this|Print this page|Printer "
    "friendly|Printable version|E-mail|Email this|Email to a friend|E-mail Article|Send to a friend|Email | Print | "
    "Share|Print E-mail Comments ({n})|Share|Share this|Share this:|Share This Article|Save|Save this|Digg|Digg this|Digg "
    "it|del.icio.us|Digg it del.icio.us AIM|Facebook|StumbleUpon|Reddit|Newsvine|Fark|Technorati|Google|Yahoo! Buzz|Post "
    "to:|Post this story to: del.icio.us, Digg, Reddit, Fark|Bookmark|Bookmark & Share|RSS|RSS feed|Feeds|View "
    "Gallery|Photo Gallery|Photos ({n})|Slideshow|Listen to this article|Listen|Watch video|Video|Enlarge|Enlarge "
    "photo|Click to enlarge|Larger image|Single page|1 of {n}|1 2 3 4 Next|Next page|Next Page »|Page 1 of {n}|View "
    "all|Most popular|Article tools|Story tools|Tools|Toolbox|Discuss|Discuss this story|Comment|Comments|Comments "
    "({n})|{n} comments|Read comments|Have your say|Add a comment|Post a comment|Rate this story|Rate it:|Rating: "
    "{n}|Average rating|Recommend|Recommend ({n})|Recommended by {n} readers|Like|Tweet|Reprints|Reprints & "
    "Permissions|Order reprints|License this|Font size|Change font size|Back|Back to headlines|Return to top|Top of "
    "page|Subscribe|Alerts|Get e-mail alerts|Sign up for alerts|Related links|Multimedia|Story|Photos|Stories Photos "
    "Video|Hide|Close|Most viewed|Translate|Mobile|Text only|Version: mobile | full|[x]|{label}|{n}|-|*|»|Font "
    "Resize|Popularity: {n}%|Advertisement|Sponsored by|Sponsored links|Ads by {label}|Report a typo|Buy this "
    "photo|Download story podcast|digg story|Create an alert|Follow this topic"
)
AGENCIES = p.listed(
    "The Associated Press|Associated Press|ASSOCIATED PRESS|Associated Press "
    "Writer|Reuters|REUTERS|AFP|(AFP)|(AP)|(Reuters)|Agence France-Presse|AP Sports Writer|Staff writer|STAFF WRITER|Staff "
    "Writer|Staff Reporter|From staff and wire reports|Sports Writer|{outlet}|{OUTLET}|{outlet} Staff Writer|Of the "
    "{outlet} staff|{outlet} staff|{outlet} Correspondent|Business editor|News services|McClatchy Newspapers|Wire "
    "services|Press Association|PA|Bloomberg News|{place} Bureau|From {outlet}|Source: {outlet}|Special to {outlet}|The "
    "Canadian Press|Xinhua|ANI|PTI|in {place}|Entertainment Writer|{label} News Service|Provided by {outlet}|From our "
    "correspondent|Political Correspondent|Columnist|Contributor|Web exclusive"
)
BYLINES = p.listed(
    "By {Name}|By {NAME}|by {Name}|BY {NAME}|{Name}|{NAME}|By {Name} and {Name}|{Name} and {Name}|By {Name}, "
    "{outlet}|{Name}, {outlet}|{NAME}, {outlet}|By {Name}, {Name} and {Name}|By {Name} in {place}|{Name} in {place}|By "
    "{Name}, AP|By {Name}, Associated Press Writer|{Name}, Associated Press|Posted by {Name}|Written by {Name}|Reported by "
    "{Name}|Author: {Name}|Author : {Name}|By {Name} / {outlet}|By {Name} | {outlet}|By {Name} · {outlet}|{Name} | {outlet} "
    "Staff|By: {Name}|Story by {Name}|By {Name} and agencies|By {Name}, Business Correspondent|By {Name}, Political "
    "Editor|From {Name} in {place}|{Name} reports from {place}|By {Name} Staff Writer|By {Name} of {outlet}|By {Name} "
    "Posted {date}|By {Name} - {date}|By {Name} {date}|{Name} {date}|Published by: {Name}|Posted By {NAME}|By {Name} "
    "{label}@example.com|{label}@example.com|E-mail {Name}|Email the author|By Dr. {Name}|Reporter: {Name}|By a staff "
    "reporter|By Our Correspondent|By {outlet} staff|Text by {Name}"
)
DATES = p.listed(
    "{date}|{date}|{date}|{date}|{date}|{date}|Published: {date}|Published {date}|Posted: {date}|POSTED: {date}|Posted on "
    "{date}|Posted : {date}|Updated: {date}|UPDATED: {date}|Last Updated: {clock} {date}|Last updated {date}, {clock}|First "
    "published: {date}|Article Launched: {date} {clock}|Web posted {date}|{date} {clock}|{date}, {clock}|{date} - "
    "{clock}|{clock} {date}|{date} | {clock}|{clock}, {date}|Updated {clock}|Updated {n} hours ago|{n} hours ago|Published "
    "on {date} at {clock}|Created: {date}|Modified: {date}|Date: {date}|Issue date: {date}|{place}, {date}|{place} | "
    "{date}|{date} | {place}|{outlet} - {date} {clock}|Associated Press - {date} {clock}|({outlet}) {date}|{date}: "
    "{clock}|Submitted {date}|This article was published on {date}|Updated at {clock} on {date}|{date} ({clock})|Published: "
    "{date}. Updated: {clock}|{outlet}, {date}"
)
CAPTIONS = p.listed(
    "{many}|{many}|{many}.|{some}|{some}: {some}|{few}: {many}|{Name} {some}|{Name}, right, with {Name} ({credit})|{many} "
    "({credit})|{many} [{credit}]|{many} Photo: {credit}|{many} PHOTO: {NAME}|{Name}/{credit}|({credit})|{credit}|Photo by "
    "{Name}|{NAME} / {credit}|Picture: {credit}|Image: {few}|{few} ({few})|{many}. {Name}/{credit}|{many} {clock}|File "
    "photo: {some}|{credit} photo|{Name} / {outlet}|Click on photo to enlarge|{Name} in {place} last year|Watch: {some}"
)
ENDS = p.listed(
    "Copyright {year} {outlet}. All rights reserved.|© {year} {outlet}. All rights reserved.|Copyright {year} The "
    "Associated Press. This material may not be copied, aired or passed on without consent.|{Name} can be reached at "
    "{label}@example.com or {n}-{n}.|Contact {Name} at {label}@example.com.|To contact the reporter on this story: {Name} "
    "in {place} at {label}@example.org|Reporting by {Name}; editing by {Name}|(Reporting by {Name}; Editing by {Name} and "
    "{Name})|{Name} in {place} contributed to this report.|Associated Press writer {Name} in {place} contributed to this "
    "report.|Some information for this report came from {outlet}.|Information from: {outlet}, "
    "http://www.example.com/{label}|Brought to you by {outlet}|Source: {outlet}|{outlet}|(AP)|(AFP)|© {outlet}|- "
    "{outlet}|On the Net: http://www.example.org/{label}|On the Net:|First published {date}|Story from {outlet}|This "
    "material may not be published, broadcast or rewritten.|Distributed by {outlet}. This material may not be published, "
    "broadcast, rewritten or passed on.|E-mail {Name} at {label}@example.com|{Name} is a staff writer for {outlet}. Reach "
    "her at {label}@example.com.|With files from {outlet}|{Name} writes about {few} for {outlet}.|Reach {Name} at {n}-{n} "
    "or {label}@example.com.|Last updated {date}|Published: {date}"
)
PITCHES = p.listed(
    "Compare prices on {thing} from more than {n} shops.|Find {thing} near you.|Save up to {n}% on {thing} this week only. "
    "Call now or visit a store near you.|Looking for {thing}? We have {n}00 offers, and new ones every day.|Get {thing} "
    "sent to your phone. It is free and takes a minute.|Win a weekend in {place}! Enter our prize draw and you could be on "
    "your way.|Check headlines, pictures and {thing} from your town.|See how much you could save on {thing}.|Sign up now "
    "and get {n} issues for the price of one.|Your guide to {thing}, with tips, reviews and more.|Ask our expert about "
    "{thing} and read the answers.|The latest on {thing} from people who know.|Try {label} free for {n} days. No card "
    "needed.|Lose {n} pounds without giving up what you like. {Name} tells how she did it.|Do you know what your home is "
    "worth? Find out in {n} seconds.|Take our quiz: how much do you know about {few}?|{Name} answers your questions on "
    "{thing}.|Our {n} best {thing}, tried and tested by our readers.|Thinking of moving to {place}? Here is what you should "
    "know before you go.|Book {thing} now and pay later.|Your paper delivered to your door each morning. Call "
    "{n}00-{n}{n}.|Meet someone new in {place} tonight.|A special report on {thing}, with video, maps and pictures.|Find a "
    "job, sell your car or rent a flat.|Buy and sell {thing} in our classified section.|Never miss a story: our newsletter "
    "brings you {thing} every morning.|More {thing} than anywhere else on the web.|Which {thing} suits you? Use our tool to "
    "find out.|Watch {Name} talk about {few}, live on {weekday}.|Now on sale: {label}, the book that everyone talks about. "
    "Order yours today."
)
HOUSE = p.listed(
    "{outlet} is one of the largest news agencies of the world and brings investing news, world news, headlines, business "
    "news, technology and small business news to readers in {n} countries.|{outlet}, {label} and the {outlet} logo are "
    "trademarks of {label} Group and its companies. All other marks are those of their owners.|Our journalists are bound by "
    "a handbook that asks for fair presentation. {outlet} News and {label} are members of the {place} press "
    "council.|Copyright {year} {outlet}. All rights reserved. This material may not be printed, broadcast or passed on.|© "
    "{year} {outlet}. All rights reserved. No part of this page may be used elsewhere without written consent from "
    "{label}.|{label} lets you choose what comes to your inbox. Be the first to know and get the news as it happens, for "
    "free.|Pick the news you want and put it on your own web page, or get it as a feed: RSS / Atom|All content © {year} "
    "{outlet} and may not be copied without written consent.|By using this site you agree to the {outlet} terms of use and "
    "privacy policy.|{outlet} is the leading provider of news and information for {place} and the region.|{outlet} "
    "journalists follow an editorial handbook which asks for fair presentation and disclosure of interests.|Please remember "
    "that whatever you send to {outlet} is governed by our terms and conditions. Please read our privacy policy.|Some "
    "comments posted here may be reviewed before they are shown. We may take down what is rude, off the subject or against "
    "the law.|We welcome your comments. Keep them short, clean and to the point. Comments that attack others will be "
    "removed.|You must be logged in to leave a comment. Not a member yet? Register here, it is free.|Your comment will "
    "appear once it has been approved. We do not publish your address.|Quotes are delayed by at least {n} minutes. All "
    "times are local.|This site is best viewed with a recent browser. If you have trouble, write to "
    "{label}@example.com.|{outlet}, {n} High Street, {place}. Phone: {n}0-{n}00-{n}. A part of {label} Media.|{outlet} is "
    "not responsible for the content of other sites. Opinions are those of their authors.|For questions about delivery call "
    "{n}00-{n}. For advertising write to {label}@example.com.|Want to see your story here? Send us your news, pictures and "
    "video.|The content of this page was made by {outlet}. Reproduction in any form is forbidden without prior "
    "approval.|Hosted by {label}. Site design by {label}.|We use cookies to remember you and to show you adverts you may "
    "like. You can change your settings at any time.|Subscribe to {outlet} today and read every story on any device for {n} "
    "a week.|Get the paper at home: save {n}% on a {n}-week subscription. You can stop at any time.|Did you find this story "
    "useful? Tell us what you think of our new pages.|Report abuse: if you find a comment that offends, click the link "
    "beside it. Our editors will look at it.|Members of the {label} network: {label}, {label}, {label}|If you have "
    "information about this story, call our newsroom at {n}00-{n}{n}.|Registration is free and lets you post comments, save "
    "stories and get alerts.|{outlet} has been serving the people of {place} since 19{n}.|Note: comments are the opinion of "
    "the readers who post them and not of {outlet}. You must be over {n} to take part."
)
SAID = p.listed(
    "{few}? Give me a break!|I can't believe {some}.|This is the best thing I read all week.|what a joke|You people never "
    "learn do you|I agree with {name} above, {some}.|@{name}: you have no idea what you are talking about.|My wife and I "
    "were there and I can tell you it was nothing like that.|So what happens when {some}?|Thank God somebody is saying "
    "it!!!|why does nobody talk about {few}|{many}?? Seriously?|I have lived here for {n} years and I never saw anything "
    "like it.|If you ask me they should all be fired.|Good luck with that, lol.|im not surprised, {some}|We pay their wages "
    "and this is what we get.|It's about time.|How about you do some research before you write this stuff.|I don't know "
    "about you but {some}.|LOL|Well said.|Shame on you!|My heart goes out to the family.|I hope they get what they "
    "deserve.|Amen to that.|You are so right about {few}.|When I was a kid {some}, and we were just fine.|You can bet your "
    "last dollar that {some}.|Don't get me wrong, I like {few} as much as the next guy.|oh please.|Who wrote this?|I think "
    "most of you are missing the point.|We need more of this and less of {few}.|Nobody forces you to read it.|And another "
    "thing - {some}.|Maybe I am old fashioned but {many}.|It makes me sick.|I'd vote for {few} any day.|My two cents.|Get "
    "over it.|Just my opinion.|what do you expect from {few}|That's what you get.|If I were you I would think twice.|keep "
    "up the good work!!|{FEW}!!!|has anyone else noticed {some}|Same old same old.|You can't have it both ways.|Your "
    "article says “{many}”. That is simply wrong.|All I can say is wow|there is no way {some}|I rest my case.|People like "
    "you are the reason {some}.|Let's face it, {many}.|I wonder how much they paid for {few}?"
)
#: What a columnist says, whose text is an article.
OWN = p.listed(
    "I was there.|I remember the first time I heard of it.|When I asked {Name} about it, he shrugged.|My neighbor says that "
    "{some}.|I do not know what will come of this, but I know what I saw.|We have been here before, you and I.|I think of "
    "{few} when I read such a line.|I cannot say that I was surprised.|You might ask why.|I called {Name} the next "
    "morning.|To me, {some}.|I have written about {few} for {n} years.|You could hear it in our street.|Let me tell you how "
    "that ends.|I met {Name} in {place}, and we talked for an hour.|My own view is simpler: {many}.|If you have ever been "
    "to {place}, you know what I mean.|We were told that {some}.|I am not so sure.|Should I have known better? Perhaps."
)
PLACES = p.words("London Boston Nairobi Sydney Dublin Austin Leeds Geneva Toronto Mumbai Berlin Cardiff Denver Lagos Oslo Madrid")
THINGS = p.listed(
    "cars|used cars|homes|loans|home loans|flights|hotels|insurance|travel insurance|shoes|new "
    "books|wine|jobs|courses|broadband|dates|films|garden tools|recipes|concert tickets|phones|mortgages|holidays|credit "
    "cards|health advice|local events|DVDs|business cards|pet food|restaurants|hair care|sport scores|maps|fashion|online "
    "games|dental care"
)
#: What menus and boxes are called; {adj}, {noun}, {verb} and {nav} are drawn from the lists below.
LABELS = p.listed(
    "{nav}|{nav}|{nav}|{nav}|{nav}|{label}|{noun}|{noun}|{adj} {noun}|{adj} {noun}|{adj} {nav}|{adj} {nav} {noun}|{nav} "
    "{noun}|{nav} {noun}|{nav} & {nav}|{nav} and {noun}|{noun} & {noun}|{nav}/{nav}|{outlet}|{outlet} "
    "{noun}|{place}|{place}|{place} {noun}|{place} {nav}|{nav} in {place}|{verb} {noun}|{verb} {adj} {noun}|{verb} a "
    "{noun}|{verb} {thing}|{thing}|{nav} {thing}|About {outlet}|About {label}|Go to {outlet}|Back to {nav}|Back to {outlet} "
    "{noun}|Return to {noun}|{Name}|{Name}|{Name}'s {noun}|{noun} by {Name}|{nav} ({n})|{noun} ({n})|{n} {noun}|{month} "
    "{year}|{adj} {noun} » {noun}|{nav} | {nav}|{nav} : {nav}|{nav} > {nav} {noun}|{verb} {outlet} on your phone|{nav}: "
    "{place}|{nav} - {noun}|What is this?|Other {noun}|{label} {noun}|{label} {nav}|{adj} {label}|Who's who in {nav}|{noun} "
    "of the {noun}|From the {noun}|Life in {place}|{few}|{nav} of {place}|{nav} {noun} of {year}|{noun} for {noun}|{noun}: "
    "{few}|{clock}|{n} High Street|{place} time {clock}|Hosted by {outlet}|Hot tags: {thing}, {thing}, {thing}|Skip to "
    "{noun}|{weekday} {nav}|{weekday}'s {noun}|{nav} Home {nav} {nav} {nav} {noun}"
)
ADJECTIVES = p.words(
    "My All Latest Daily Local Free Online Special Top Live Weekly Inside Your More Best Today's Customized Interactive "
    "Personal Breaking Big Full Other Featured National Regional Recent Popular Digital Public Private General Minor "
    "Community"
)
NOUNS = p.listed(
    "News|Feeds|RSS "
    "Feeds|Directory|Guide|Blog|Blogs|Alerts|Tickets|Deals|Archive|Archives|Center|Centre|Forum|Forums|Gallery|Search|Maps|"
    "Traffic|Listings|Classifieds|Newsletters|Reports|Services|Edition|Editions|Store|Photos|Awards|Reviews|Stocks|Schools|"
    "Columns|Partners|Policy|Delivery|Yellow "
    "Pages|Subscriptions|Contests|Weddings|Headlines|Index|Scores|Standings|Schedules|Polls|Games|Diary|Letters|Editor|Day|"
    "Week|Year|Team|Fans|Shop|Site|Page|Links|Tools|Quotes|Portfolio|Funds|Calendar|Lottery|Horoscopes|Webcam|Wireless|"
    "Network|Media|Magazine|Papers|Library|Research|Index|Front "
    "page|Home page|Story|Stories|Homes|Autos|Pets|Health"
)
VERBS = p.words(
    "Find Place Buy Search View Submit Get Browse Manage See Share Send Sell Rent Join Watch Read Follow Visit Meet Plan"
)


class Wording:
    """Fills forms with words of a page's stories."""

    def __init__(self, stories: Sequence[Story], rng: random.Random) -> None:
        self.texts, self.rng = [t for s in stories for t in s.paragraphs], rng
        self.outlet = stories[0].source
        self.names = [p.person(rng) for _ in range(4)]
        self.dates = rng.randrange(12)

    def one(self, forms: Sequence[str]) -> str:
        """Return one of the forms, filled."""
        return self.fill(self.rng.choice(forms))

    def fill(self, form: str) -> str:
        """Return the form with its blanks filled; one that comes out empty is a made-up label."""
        out, at = [], 0
        while (low := form.find("{", at)) >= 0:
            high = form.index("}", low)
            out += [form[at:low], self._blank(form[low + 1 : high])]
            at = high + 1
        return ("".join(out) + form[at:]).strip() or p.invented(self.rng)

    def label(self) -> str:
        """Return the name of a section, a box or a link."""
        text, roll = self.one(LABELS), self.rng.random()
        return text.upper() if roll < 0.1 else text.lower() if roll < 0.16 else text

    def words(self, low: int, high: int) -> str:
        """Return so many words of an article as they stand there."""
        words = self.rng.choice(self.texts).split()
        start = self.rng.randrange(max(1, len(words) - high))
        return " ".join(words[start : start + self.rng.randint(low, high)]).strip(".,;:”“\"'()")

    def date(self) -> str:
        """Return a date; mostly in the page's own style."""
        return p.date(self.rng, self.dates if self.rng.random() < 0.8 else self.rng.randrange(12))[0]

    def clock(self) -> str:
        """Return a time of day."""
        r = self.rng
        zone = r.choice(("", "", " ET", " GMT", " PST", " EDT", " EST"))
        half = r.choice(("", "am", "pm", " a.m.", " p.m.", " AM", " PM"))
        return f"{r.randint(1, 12)}:{r.randint(0, 59):02d}{r.choice(('', '', ':07'))}{half}{zone}"

    def handle(self) -> str:
        """Return the name a reader goes by."""
        r = self.rng
        first = r.choice(p.FIRST)
        made = p.invented(r, 1)
        ways = (
            first, first.lower(), f"{first}{r.randint(1, 99)}", made, made.lower() + str(r.randint(1, 999)), p.person(r),
            f"{first}, {r.choice(PLACES)}", f"{first} {r.choice(p.LAST)[0]}.", f"{first} in {r.choice(PLACES)}",
        )  # fmt: skip
        return r.choice(ways)

    def _blank(self, name: str) -> str:
        r = self.rng
        sizes = {"few": (1, 4), "some": (4, 9), "many": (7, 20)}
        if name.lower() in sizes:
            text = self.words(*sizes[name.lower()])
            return text.upper() if name.isupper() else text
        made: dict[str, Callable[[], str]] = {
            "name": lambda: r.choice(self.names) if r.random() < 0.5 else p.person(r),
            "outlet": lambda: self.outlet if r.random() < 0.7 else r.choice(p.OUTLETS + p.REAL_OUTLETS),
            "credit": lambda: r.choice(p.PHOTO),
            "adj": lambda: r.choice(ADJECTIVES),
            "noun": lambda: r.choice(NOUNS),
            "verb": lambda: r.choice(VERBS),
            "nav": lambda: r.choice(p.NAV),
            "month": lambda: r.choice(p.MONTHS),
            "label": lambda: (
                p.invented(r, r.choice((1, 1, 2))).lower() if r.random() < 0.3 else p.invented(r, r.choice((1, 1, 2)))
            ),
            "thing": lambda: r.choice(THINGS) if r.random() < 0.8 else p.invented(r, 1).lower(),
            "place": lambda: r.choice(PLACES) if r.random() < 0.7 else p.invented(r, 1).title(),
            "date": self.date,
            "clock": self.clock,
            "weekday": lambda: r.choice(p.DAYS),
            "year": lambda: str(r.randint(1999, 2024)),
            "n": lambda: str(r.choice((r.randint(2, 9), r.randint(2, 60), r.randint(10, 99)))),
        }
        said = made[name.lower()]()
        return said.upper() if name.isupper() else said
