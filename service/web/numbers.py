"""Numbers, shares, days and sums as people of a language write them."""

from datetime import date

from service.web.words import Words


class Numbers:
    def __init__(self, words: Words) -> None:
        self._words = words
        thousands = words("format.thousands")
        self._thousands, self._decimal = "\u202f" if thousands == "space" else thousands, words("format.decimal")

    def number(self, amount: float, decimals: int = 0) -> str:
        """`1 234,5` in French."""
        whole, _, rest = f"{amount:,.{decimals}f}".partition(".")
        whole = whole.replace(",", self._thousands)
        return f"{whole}{self._decimal}{rest}" if rest else whole

    def percent(self, share: float) -> str:
        """With one decimal where it is not nought."""
        rounded = round(100 * share, 1)
        return self._words("format.percent", n=self.number(rounded, 0 if rounded == int(rounded) else 1))

    def dollars(self, amount: float) -> str:
        """With two decimals, and up to four where the sum is small."""
        decimals = next(places for places in (2, 3, 4) if places == 4 or round(amount, places) == round(amount, 4))
        return self._words("format.dollars", n=self.number(amount, 2 if amount >= 1 else decimals))

    def dated(self, day: date) -> str:
        return day.strftime(self._words("format.date"))

    def short(self, day: date) -> str:
        """Without its year."""
        return day.strftime(self._words("format.day"))
