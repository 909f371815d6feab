"""What one site's people said and others took up: sites are compared, never people."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from service.domain.oversight import Share, SiteReuse
from service.domain.person import login_of
from service.domain.team import Team
from service.storage.reuses import Taken


def site_reuse(taken: Iterable[Taken], teams: Sequence[Team], account: str, least: int) -> tuple[SiteReuse, ...]:
    """By name, what has no site last. A site of fewer than `least` people counts with those that have none: its figures
    would tell of a person."""
    site_of = _sites([team for team in teams if team.serves(account)], least)
    counts: dict[str, Counter[str]] = {site: Counter() for site in site_of.values()}
    for one in taken:
        mine = counts.setdefault(site_of.get(login_of(one.person), ""), Counter())
        mine[one.kind] += one.messages
        if one.by is not None and site_of.get(login_of(one.by), "") != site_of.get(login_of(one.person), ""):
            mine["elsewhere"] += one.messages
    people = Counter(site_of.values())
    order = sorted(counts, key=lambda site: (not site, site.casefold()))
    return tuple(_told(site, counts[site], people[site]) for site in order)


def _told(site: str, mine: Mapping[str, int], people: int) -> SiteReuse:
    lessons, answers = mine.get("lesson", 0), mine.get("answer", 0)
    elsewhere = Share.made(mine.get("elsewhere", 0), lessons + answers)
    return SiteReuse(site=site, people=people, corrections=lessons, answers=answers, elsewhere=elsewhere)


def _sites(teams: Sequence[Team], least: int) -> dict[str, str]:
    """The site of each login: of the first of their teams by name."""
    found: dict[str, str] = {}
    for team in teams:
        for member in team.members:
            found.setdefault(login_of(member), team.site)
    people = Counter(found.values())
    return {login: site if people[site] >= least else "" for login, site in found.items()}
