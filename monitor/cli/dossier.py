"""`orderwatch dossier`: what shows what happened to an order, in one folder and one zip."""

from importlib.metadata import version
from pathlib import Path

import click

from monitor.cli.frame import Workplace, at_option, find_order, json_option, workplace
from monitor.cli.page import print_json, say
from monitor.cli.reasons import policy_reason
from monitor.cli.show import exhibits_of_order
from monitor.core.evidence import missing
from monitor.core.policy import DisputeReason
from monitor.core.texts.languages import CATALOGUES
from monitor.core.wording import short_order
from monitor.dossier import drafts_of, members_of
from monitor.dossier.gathering import answers_about
from monitor.dossier.known import Known, exhibits_of
from monitor.dossier.packing import Packed, pack
from monitor.evidence import folder_of, sayable
from monitor.sighting import ALL_BYTES, look_at_order
from monitor.views import OrderView, view


@click.command()
@click.argument("order")
@click.option(
    "--to", "into", type=click.Path(path_type=Path), default=Path(), metavar="FOLDER",
    help="Where it is put; default: here.",
)  # fmt: skip
@click.option(
    "--reason", metavar="REASON", help="The reason of your dispute, if not the one that is proposed."
)
@click.option(
    "--language", type=click.Choice(sorted(CATALOGUES)), default="en", show_default=True,
    help="en is what to send; es is for your own understanding.",
)  # fmt: skip
@json_option
@at_option
@click.pass_context
def command(
    ctx: click.Context,
    order: str,
    into: Path,
    reason: str | None,
    language: str,
    as_json: bool,
    at: str | None,
) -> None:
    """Makes a folder and a zip of all that is known of ORDER: its tracking as it was read, your evidence, the
    checklist, and texts to copy. Prints where the zip is.

    Nothing is overwritten, and nothing is sent. Open index.html in the folder first: it tells what to do.
    """
    with workplace(ctx, at, refresh=True) as place:
        known = _known(place, find_order(place.store, order), reason, language)
        # An id may be a path.
        which = folder_of(short_order(known.seen.order.id).removeprefix("…"))
        name = f"dossier-{which}-{place.local(place.now):%Y-%m-%d}"
        packed = pack(into, name, members_of(known, place.evidence), place.now.astimezone(place.zone))
    if as_json:
        print_json(_json(known, packed))
    else:
        _tell(known, packed)
    ctx.exit(1 if packed.left_out else 0)


def _known(place: Workplace, id_: str, reason: str | None, language: str) -> Known:
    store, by = place.store, place.runtime.in_language(language)
    trouble = look_at_order(store, place.evidence, id_, place.line.clock(), most_bytes=ALL_BYTES)
    if trouble is not None:
        click.echo(f"evidence: {place.evidence} {trouble}", err=True)
    (record,) = store.orders.load([id_])
    seen = view(record, by, place.now)
    found = exhibits_of_order(place, seen, chosen=_chosen(seen, reason))
    return Known(
        seen=seen,
        events=store.parcels.events([parcel.id for parcel in record.parcels]),
        journal=store.orders.journal(id_),
        found=found,
        exhibits=exhibits_of(found),
        answers=answers_about(store.path, id_),
        drafts=drafts_of(seen, found),
        version=version("orderwatch"),
    )


def _chosen(seen: OrderView, reason: str | None) -> DisputeReason | None:
    policy = seen.situation.facts.policy
    id_ = policy_reason(reason, policy)
    return None if id_ is None else policy.reasons[id_]


def _tell(known: Known, packed: Packed) -> None:
    say((str(packed.zip), "bold"))
    say(f"  the same as a folder, to read: {packed.folder / 'index.html'}")
    found = known.found
    if found.reason is None:
        say("  no reason for a dispute is known: name yours with --reason to get its checklist and text")
    lacking = missing(found.checklist)
    if lacking:
        say(f"  still missing: {', '.join(item.words for item in lacking)}")
        say(f"  drop it into {sayable(str(found.folder))} and make the dossier again")
    blanks = dict.fromkeys(blank for it in known.drafts for blank in it.placeholders)
    for blank in blanks:
        say(f"  to fill in: {blank}")
    for path, why in packed.left_out:
        say(("  left out", "yellow"), f": {path}: {why}")


def _json(known: Known, packed: Packed) -> dict[str, object]:
    reason = known.found.reason
    return {
        "zip": str(packed.zip),
        "folder": str(packed.folder),
        "reason": None if reason is None else reason.id,
        "missing": [item.id for item in missing(known.found.checklist)],
        "texts": [
            {
                "kind": it.kind.value,
                "reason": it.reason,
                "title": it.title,
                "placeholders": list(it.placeholders),
            }
            for it in known.drafts
        ],
        "left_out": [{"path": path, "why": why} for path, why in packed.left_out],
    }
