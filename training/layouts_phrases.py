"""The small words of news sites, and invented ones.

Owns: pools of phrases from which the layouts draw, and people, outlets and dates that are made up.
Does not know: where on a page a phrase stands.

The pools are wide on purpose and a good part of what is drawn is made up on the spot (`invented`): a segmenter
that has learned phrases instead of shape, repetition and rhythm would fail on the next site.
"""

from __future__ import annotations

import random
from collections.abc import Sequence


def listed(text: str) -> tuple[str, ...]:
    """Return what stands between bars."""
    return tuple(text.split("|"))


def words(text: str) -> tuple[str, ...]:
    """Return the words of `text`."""
    return tuple(text.split())


NAV = listed(
    "Home|News|World|UK|US|Politics|Business|Money|Sport|Sports|Culture|Arts|Lifestyle|Life|Style|Opinion|Comment|Weather|Science|Tech|Technology|Health|"
    "Education|Environment|Travel|Food|Books|Music|Film|TV & Radio|Video|Photos|Podcasts|Newsletters|Crosswords|Obituaries|"
    "Local|Regions|Europe|Asia|"
    "Africa|Americas|Middle East|Markets|Property|Motors|Jobs|Dating|Shop|Events|Archive|E-paper|Live|Latest|Trending|Most "
    "read|Features|Investigations|"
    "Fact check|Games|Puzzles|Cartoons|Letters|Editorials|Columnists|Football|Cricket|Rugby|Tennis|Racing|Elections|Economy|"
    "Climate|Royal|Crime|Sign in|"
    "Log in|Register|Subscribe|Search|Menu|My account|Contact us|About|About us|Help|FAQ|RSS|Sitemap|Advertise|More"
)
SHARE = listed(
    "Share|Tweet|Email|Print|Facebook|Twitter|WhatsApp|LinkedIn|Reddit|Pinterest|Copy link|Save|Share this article|Share on "
    "Facebook|Share on Twitter|"
    "Share via Email|Share on WhatsApp|Click to share on Facebook (Opens in new window)|Click to print|Pin it|Messenger|"
    "Telegram|Flipboard|Bookmark|"
    "Share this page|Send to a friend|Share with friends|Post|Like this|Follow us|Text size|A A A|Comments|Report a mistake|"
    "Give this article|Gift"
)
ADS = listed(
    "Advertisement|ADVERTISEMENT|Ad|Advert|Sponsored|Story continues below|Story continues below advertisement|Article "
    "continues after this ad|"
    "Continue reading below|Scroll to continue|Promoted|Paid content|Ad feedback|Loading...|Skip advertisement|Close ad|"
    "Sponsored content|"
    "Article continues below|Advertisement - scroll to continue reading|Sign up to our newsletter|Sign up for our daily briefing|"
    "Stay informed with free updates|Unlock this story for free|Receive free alerts|Get the app|Download our app|Join the "
    "conversation|"
    "Subscribe now for full access|Support independent journalism|Become a member today|Try it free for 30 days|Thank you "
    "for registering"
)
PROMPTS = listed(
    "Read more|Read More|Read more:|READ MORE:|Continue reading|Continue Reading|More|More »|Full story|Full story →|View "
    "article|[...]|Go to article|"
    "Keep reading|Show more|Expand|View full text|Permalink|Link|Source|Original|Back to top|Top|Return to contents|Reply|"
    "Leave a reply|Leave a comment|"
    "No comments yet|No comments|Be the first to comment|Click to comment|Add a comment|View comments|Comments are closed|"
    "Report|Previous|Next|"
    "Previous post|Next post|Older posts|Newer posts|Load more|End of document|Related|Related topics|See also|Also read|"
    "See all|Hide caption|Toggle caption"
)
RELATED = listed(
    "Related|Related articles|Related stories|More on this story|More from this section|Most read|Most viewed|Most popular|"
    "Trending|Trending now|"
    "You may also like|Recommended|Recommended for you|Don't miss|Editor's picks|Top stories|Latest news|In other news|Also "
    "in the news|Read next|"
    "What others are reading|Popular posts|Recent posts|Recent comments|Headlines|Inside this issue|In this issue|Contents|"
    "Today's stories|Index|"
    "More headlines|From the archive|Elsewhere|Around the web|Popular now|Up next"
)
LEGAL = listed(
    "All rights reserved.|Reproduction in whole or in part without permission is prohibited.|Use of this site means you "
    "accept our terms and privacy policy.|"
    "We use cookies to give you the best experience. By continuing to use the site you agree to our use of cookies.|"
    "We and our partners store and access information on a device. Manage your choices at any time in the privacy settings.|"
    "This site is protected by a spam filter. Learn how your comment data is processed.|Your email address will not be "
    "published. Required fields are marked *|"
    "You have received this email because you signed up for it. Unsubscribe at any time.|This material may not be "
    "published, broadcast or redistributed.|"
    "The content of external sites is not our responsibility.|Registered in England and Wales. Registered office at the "
    "address below.|"
    "Views expressed by readers are their own.|If you have a story for us, call the newsdesk or write to us.|Data is "
    "delayed by at least fifteen minutes.|"
    "To order a copy of this article visit our reprints page.|Sign up with one click and get the stories that matter every "
    "morning.|"
    "You are reading a free article. Subscribe to support our reporting.|Notify me of new comments via email.|Save my name "
    "and email in this browser for next time.|"
    "Something went wrong, please try again later.|Javascript is disabled in your browser. Some parts of this page will not work."
)
COMMENTS = listed(
    "Finally someone says it.|I could not disagree more with this.|Well written, thank you.|What about the people who "
    "actually live there? Nobody ever asks us.|"
    "Same story every year and nothing changes.|First!|This is why I cancelled my subscription.|My uncle worked there for "
    "thirty years and he would laugh at this.|"
    "Interesting read but where are the numbers?|Typical. They will spend the money and we will pay for it, mark my words.|"
    "lol|Agreed.|"
    "Could the author please explain what is meant by that last paragraph?|Not a word about the costs. Why am I not "
    "surprised?|+1|"
    "I was there yesterday and it was nothing like this. The queue was short and everybody was friendly.|Who cares?|Great "
    "news for the town!"
)
FIRST = words(
    "Alice Brian Carla Daniel Elena Farid Grace Hugo Irene Jonas Karin Liam Maria Nadia Oscar Petra Quentin Rosa Samir "
    "Tessa Ulrich Vera Wanda Xavier Yusuf Zoe "
    "Ahmed Bettina Callum Deirdre Emeka Fiona Gareth Hannah Imran Joyce Kenji Lucia Mohan Niamh Olga Pedro Priya Ravi "
    "Sinead Tomas"
)
LAST = words(
    "Abbot Barker Calloway Dunmore Ellery Farrow Gillespie Hartnell Ibsen Jansen Kowal Lindqvist Marlow Norgate Okonjo "
    "Pemberton Quayle Rutter Salgado Thorne "
    "Underhill Vance Whitlock Yates Zeller Adeyemi Bianchi Cho Desai Eriksen Fontaine Greave Haddock Iyer Kessler Lomax "
    "Mbeki-Stone Novak Osei Pruitt "
    "Rahimi Sandoval Tanaka Velasco Winslow"
)
OUTLETS = listed(
    "The Harbour Gazette|Northern Echo & Mail|The Daily Ledger|Meridian Wire|Capital Courier|The Evening Star|Tribune "
    "Online|The Post-Dispatch of Wells|"
    "Valley Times|The Observer's Friend|CNX|KRTV|NewsLine|The Standard|Morning Herald|Metro Sun|The Argus|City Press|Global "
    "Report|The Inquirer|WXNW News|"
    "Coastal Chronicle|Highland Mercury|The Bay Bulletin|Atlantic Dispatch|The Week Ahead|Pressroom|Union Journal|The "
    "Sentinel|AllNews24"
)
#: Real ones: only in training pages nobody reads, never beside an article of the starter corpus.
REAL_OUTLETS = listed(
    "Reuters|Associated Press|BBC News|The Guardian|Fox News|The Hill|CNN|Politico|NPR|Washington Post|USA Today|Bloomberg|"
    "Sky News|Daily Mail"
)
WIRES = ("Reuters", "AP", "AFP", "PA", "dpa", "UPI", "CNN", "Bloomberg", "Staff")
PHOTO = listed(
    "Getty Images|AP|Reuters|AFP|PA|EPA|Shutterstock|Alamy|Handout|File photo|Staff photographer|Anadolu/Getty Images|AFP "
    "via Getty Images|PA Wire|"
    "Courtesy of the council|Supplied|Screenshot|iStock|Zuma Press"
)
MONTHS = words("January February March April May June July August September October November December")
DAYS = words("Monday Tuesday Wednesday Thursday Friday Saturday Sunday")
ROOT = words(
    "ar bel cor dan el fen gor hal in jor kel lun mar nor os pel quen ral sel tor ul ven wil yar zan bri cla dra fla gre "
    "pli sta tri sho chi the wea rou lan mon"
)
TAGS = listed(
    "politics|economy|trade|congress|parliament|climate|energy|health care|schools|housing|courts|police|defence|military|"
    "immigration|tax|budget|banks|"
    "transport|elections|diplomacy|sanctions|royals|football|storms|research|museums|faith|charity|farming|flooding|strikes"
)


def person(rng: random.Random) -> str:
    """Return a made-up name; now and then with an initial, a double surname or a colleague."""
    name = f"{rng.choice(FIRST)} {rng.choice(LAST)}"
    roll = rng.random()
    if roll < 0.08:
        return f"{rng.choice(FIRST)} {rng.choice('ABCDEFGHJKLMR')}. {rng.choice(LAST)}"
    return f"{name} and {rng.choice(FIRST)} {rng.choice(LAST)}" if roll < 0.14 else name


def date(rng: random.Random, style: int) -> tuple[str, str]:
    """Return a date in one of twelve styles, and its ISO form."""
    year, month, day = rng.randint(1998, 2025), rng.randint(1, 12), rng.randint(1, 28)
    name, weekday = MONTHS[month - 1], rng.choice(DAYS)
    clock = f"{rng.randint(0, 23)}:{rng.randint(0, 59):02d}"
    texts = (
        f"{name} {day}, {year}",
        f"{day} {name} {year}",
        f"{weekday}, {name} {day}, {year}",
        f"{weekday} {day} {name} {year}",
        f"{year}-{month:02d}-{day:02d}",
        f"{year}-{month:02d}-{day:02d} {clock}",
        f"{day} {name[:3]} {year} {clock}",
        f"{name[:3]} {day}, {year}",
        f"{name[:3]}. {day}, {year} at {clock}",
        f"{weekday[:3]}, {day:02d} {name[:3]} {year} {clock}:00 +0000",
        f"{weekday} {day} {name} {year} {clock} GMT",
        f"{name} {day}, {year} {weekday}",
    )
    return texts[style % len(texts)], f"{year}-{month:02d}-{day:02d}"


def ago(rng: random.Random) -> str:
    """Return a relative date as feeds print it."""
    n = rng.randint(2, 23)
    return rng.choice(
        (
            f"{n} hours ago",
            f"{n} days ago",
            f"{n} minutes ago",
            "an hour ago",
            "a day ago",
            f"{n}h",
            f"{n}h ago",
            "Yesterday",
            f"{n} min ago",
            "Just now",
        )
    )


def invented(rng: random.Random, count: int | None = None) -> str:
    """Return a short label made of syllables that mean nothing, cased as labels are."""
    n = count or rng.choice((1, 1, 2, 2, 3, 4))
    made = ["".join(rng.choice(ROOT) for _ in range(rng.choice((1, 2, 2, 3)))) for _ in range(n)]
    style = rng.random()
    if style < 0.5:
        return " ".join(made).capitalize()
    return " ".join(made).title() if style < 0.8 else " ".join(made).upper()


def phrase(rng: random.Random, pool: Sequence[str], strange: float = 0.3) -> str:
    """Return a phrase of the pool, or with probability `strange` an invented one."""
    if rng.random() < strange:
        return invented(rng)
    text = rng.choice(pool)
    roll = rng.random()
    return text.upper() if roll < 0.1 else text.lower() if roll < 0.15 else text
