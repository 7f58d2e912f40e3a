"""The page: the same bytes for the same day, nothing from outside, and no text taken as markup."""

from __future__ import annotations

import re
from html.parser import HTMLParser

import pytest
from tests.adapters.summaries import a_summary, intervals, refusal

from wattbook_adapters.reporting.page import render_page
from wattbook_contracts.schemas.day_summary import AmountPart, DaySummary

HOSTILE = (
    "<script>alert('x')</script><img src=http://x onerror=y>&amp; {{ 7 * 7 }} \"q\" $\\frac{1}$"
)

VOID = {"meta", "img", "br", "hr", "link", "input"}


class Page(HTMLParser):
    """Reads a page strictly: every tag is closed in order; keeps tags, attributes and text."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open_tags: list[str] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.texts: list[str] = []
        self.feed(text)
        self.close()
        assert not self.open_tags

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open_tags.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self.open_tags.pop() == tag

    def handle_data(self, data: str) -> None:
        self.texts.append(" ".join(data.split()))

    @property
    def text(self) -> str:
        return " ".join(text for text in self.texts if text)


def page_of(summary: DaySummary) -> Page:
    return Page(render_page(summary))


def test_the_same_day_gives_the_same_bytes() -> None:
    assert render_page(a_summary()) == render_page(a_summary())


def test_another_figure_gives_another_page() -> None:
    assert render_page(a_summary()) != render_page(a_summary(total=1_238.26))


def test_hostile_text_is_text_wherever_it_comes_from() -> None:
    day = a_summary()
    hostile = day.model_copy(
        update={
            "refusals": (refusal(HOSTILE, 1, HOSTILE),),
            "probes": (refusal(HOSTILE, 1, HOSTILE),),
            "data": day.data.model_copy(update={"notes": (HOSTILE,), "citation": HOSTILE}),
            "steps": tuple(s.model_copy(update={"result": HOSTILE}) for s in day.steps),
            "run": day.run.model_copy(update={"bidding_zone": HOSTILE, "simulated": (HOSTILE,)}),
            "reports": tuple(
                r.model_copy(update={"file": HOSTILE, "status": HOSTILE}) for r in day.reports
            ),
            "profit": day.profit.model_copy(
                update={"explain": (AmountPart(name=HOSTILE, amount=1.0),)}
            ),
        }
    )
    page = page_of(hostile)
    assert {tag for tag, _ in page.tags} == {tag for tag, _ in page_of(day).tags}
    assert page.text.count(HOSTILE) >= 15
    assert not any(name.startswith("on") for _, attributes in page.tags for name in attributes)


def test_the_page_needs_nothing_but_itself() -> None:
    """No script, and every reference points into the page; names of XML vocabularies are names."""
    page = page_of(a_summary())
    assert "script" not in {tag for tag, _ in page.tags}
    references = [
        value
        for _, attributes in page.tags
        for name, value in attributes.items()
        if name.split(":")[-1] in {"href", "src", "data", "action", "poster", "srcset"}
    ]
    assert references
    assert all(value is not None and value.startswith("#") for value in references)
    text = render_page(a_summary())
    assert set(re.findall(r"url\((.)", text)) <= {"#"}
    assert "@import" not in text
    policy = dict(next(a for t, a in page.tags if "http-equiv" in a))
    assert str(policy["content"]).startswith("default-src 'none'")


def test_every_name_on_the_page_names_one_thing_and_every_reference_finds_it() -> None:
    page = page_of(a_summary())
    names = [attributes["id"] for _, attributes in page.tags if "id" in attributes]
    assert len(names) == len(set(names))
    text = render_page(a_summary())
    used = set(re.findall(r'(?:href="#|url\(#)([^")]+)', text))
    assert used <= set(names)


def test_each_plot_is_described_for_those_who_cannot_see_it() -> None:
    drawn = [attributes for tag, attributes in page_of(a_summary()).tags if tag == "svg"]
    assert len(drawn) == 4
    assert all(attributes["role"] == "img" and attributes["aria-label"] for attributes in drawn)


@pytest.mark.parametrize("hours", [23, 24, 25])
def test_every_interval_of_the_day_has_its_row(hours: int) -> None:
    day = a_summary(hours=hours).model_copy(
        update={"intervals": intervals(hours, lowest_price=-83.06)}
    )
    text = page_of(day).text
    assert text.count("2017-03-26 ") >= hours
    assert f"{hours} hours in Europe/Berlin" in text
    assert "-83.06" in text


def test_what_is_not_there_is_said_and_never_a_zero() -> None:
    day = a_summary()
    nothing = day.model_copy(
        update={
            "refusals": (),
            "battery": day.battery.model_copy(update={"captured_share": None}),
            "execution": day.execution.model_copy(
                update={"fill_rate": None, "mean_slippage_per_mwh": None}
            ),
        }
    )
    text = page_of(nothing).text
    for words in ("none to capture", "Refusals None.", "No intraday orders, so no fill rate ."):
        assert words in text or words.replace(" .", ".") in text
    assert "mean slippage" not in text


def test_a_level_keeps_its_digits_and_what_is_simulated_is_said() -> None:
    text = page_of(a_summary()).text
    assert "VaR 97.5%" in text
    assert "97.5% interval" in text
    assert "Simulated: the intraday venues; the wind." in text
