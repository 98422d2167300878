"""`orderwatch alerts`: what is true now and matters."""

from collections.abc import Sequence

import click

from monitor.cli.frame import at_option, json_option, workplace
from monitor.cli.listing import STYLES, Pair, print_listing
from monitor.cli.neglect import tell_neglect
from monitor.cli.page import print_json, say
from monitor.cli.standing import act_by
from monitor.core.alerts import Alert, AlertState
from monitor.core.days import Days
from monitor.core.messages import short_order
from monitor.core.texts import Catalogue
from monitor.core.texts.en import ENGLISH
from monitor.core.wording import Calendar
from monitor.views import alert_json, disputable, most_pressing, told_twice


@click.command()
@json_option
@at_option
@click.pass_context
def command(ctx: click.Context, as_json: bool, at: str | None) -> None:
    """Every open alert, those about a source or a channel included; the most pressing first."""
    with workplace(ctx, at) as place:
        alerts = most_pressing(place.store.alerts.lasting())
        if as_json:
            print_json([alert_json(alert, place.zone) for alert in alerts])
            return
        print_alerts(alerts, Calendar.at(place.now, Days(place.zone), ENGLISH), place.texts)
        if at is None:
            tell_neglect(place)


def print_alerts(alerts: Sequence[Alert], calendar: Calendar, texts: Catalogue) -> None:
    """Alerts as a list; a sentence if there are none. Their titles are in the language of `texts`."""
    if not alerts:
        say("No open alerts.")
        return
    twice = told_twice(alerts)
    print_listing(
        ("ALERT", "WHAT", "SINCE", "HOW LONG"),
        [
            (
                _loudness(alert),
                _what(alert, calendar, texts if alert.id in twice else None),
                _since(alert, calendar),
                act_by(alert, calendar),
            )
            for alert in alerts
        ],
        gives_way=1,
    )


def _loudness(alert: Alert) -> Pair:
    return (alert.severity.value, STYLES[alert.severity.value]), f"no. {alert.id}"


def _what(alert: Alert, calendar: Calendar, twice: Catalogue | None) -> Pair:
    about = f"order {short_order(alert.order)}" if alert.order is not None else "about us"
    if alert.key.subject not in (alert.order, ""):
        about += f", {alert.key.subject}"
    title = alert.title if twice is None else disputable(alert.title, twice)
    return title, about if alert.state is AlertState.OPEN else f"{about}, {_answered(alert, calendar)}"


def _answered(alert: Alert, calendar: Calendar) -> str:
    if alert.snoozed_until is None:
        return alert.state.value
    return f"snoozed until {calendar.clock(alert.snoozed_until)}"


def _since(alert: Alert, calendar: Calendar) -> Pair:
    if alert.since > calendar.now:
        return "ahead", calendar.day_of(alert.since)
    return calendar.since(alert.since), calendar.day_of(alert.since)
