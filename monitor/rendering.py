"""What stands in the outbox, as the message that a channel is handed."""

from collections.abc import Sequence

from monitor.core.speaking import collapsed, last_call, shown
from monitor.core.texts import Catalogue
from monitor.notifier import Action, Notification, Privacy
from monitor.runtime import Runtime
from monitor.store.records import Delivery


def thread(alert: int) -> str:
    """What all messages about one alert have in common."""
    return f"orderwatch-{alert}"


def rendered(
    delivery: Delivery, privacy: Privacy, by: Runtime, actions: tuple[Action, ...] = ()
) -> Notification:
    """The message of one delivery, with the buttons under it."""
    title, body = shown(
        delivery.title,
        delivery.body,
        delivery.severity,
        privacy,
        by.texts,
        of_one_order=delivery.order is not None,
    )
    deadline = delivery.deadline
    return Notification(
        id=str(delivery.id),
        title=title,
        body=_marked(body, by.texts) if delivery.maybe_arrived else body,
        severity=delivery.severity,
        rule=delivery.rule,
        stage=delivery.stage,
        order=delivery.order,
        subject=delivery.subject,
        maybe_repeat=delivery.maybe_arrived,
        actions=actions,
        thread=thread(delivery.alert),
        replaces=delivery.replaces,
        deadline=deadline,
        last_call=last_call(body, deadline, by.days, by.texts) if deadline and privacy != "none" else "",
        # It has the order's number in it.
        link=delivery.link if privacy == "full" else None,
        link_label=by.texts.speaking["open_order"],
    )


def as_one(messages: Sequence[Notification], texts: Catalogue) -> Notification:
    """One message instead of many, the most severe of them first."""
    if len(messages) == 1:
        return messages[0]
    title, body = collapsed([(message.title, message.order) for message in messages], texts)
    repeats = any(message.maybe_repeat for message in messages)
    return Notification(
        id=messages[0].id,
        title=title,
        body=_marked(body, texts) if repeats else body,
        severity=max((message.severity for message in messages), key=lambda severity: severity.rank),
        maybe_repeat=repeats,
        thread=f"orderwatch-together-{messages[0].id}",
    )


def _marked(body: str, texts: Catalogue) -> str:
    return f"{body}\n{texts.speaking['repeat_mark']}"
