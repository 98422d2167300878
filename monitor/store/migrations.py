"""The schema, one step at a time. A step that was released is never changed; a new one is added.

Instants are INTEGER microseconds since 1970 UTC. Facts are JSON of the dataclasses in
`monitor.core.model`. Rows that something waits for are found by partial indexes, so that looking
for what is due costs what is due.
"""

from sqlite_utils import Database, Migrations

migrations = Migrations("orderwatch")

_FIRST = """
CREATE TABLE orders (
    id TEXT PRIMARY KEY,
    facts TEXT NOT NULL,
    listed_in TEXT,
    taken_at INTEGER NOT NULL,
    phase TEXT NOT NULL DEFAULT 'ordered',
    safe_until INTEGER,
    pressing_at INTEGER NOT NULL DEFAULT 9223372036854775807,
    next_at INTEGER,
    unlisted_at INTEGER
) STRICT;
CREATE INDEX orders_due ON orders (next_at) WHERE next_at IS NOT NULL;
CREATE INDEX orders_running ON orders (pressing_at) WHERE phase <> 'finished';
CREATE INDEX orders_listed ON orders (listed_in) WHERE listed_in IS NOT NULL;

CREATE TABLE shipments (
    id INTEGER PRIMARY KEY,
    number TEXT NOT NULL UNIQUE,
    source TEXT,
    facts TEXT NOT NULL,
    fingerprint BLOB,
    first_seen_at INTEGER NOT NULL,
    last_success_at INTEGER,
    failures INTEGER NOT NULL DEFAULT 0,
    last_error TEXT,
    next_poll_at INTEGER
) STRICT;
CREATE INDEX shipments_due ON shipments (next_poll_at) WHERE next_poll_at IS NOT NULL;

CREATE TABLE aliases (
    alias TEXT PRIMARY KEY,
    shipment INTEGER NOT NULL REFERENCES shipments (id)
) STRICT, WITHOUT ROWID;

CREATE TABLE order_shipments (
    order_id TEXT NOT NULL REFERENCES orders (id),
    shipment INTEGER NOT NULL REFERENCES shipments (id),
    position INTEGER NOT NULL,
    PRIMARY KEY (order_id, shipment)
) STRICT, WITHOUT ROWID;
CREATE INDEX order_shipments_by_shipment ON order_shipments (shipment);

CREATE TABLE events (
    shipment INTEGER NOT NULL REFERENCES shipments (id),
    at INTEGER NOT NULL,
    digest INTEGER NOT NULL,
    facts TEXT NOT NULL,
    PRIMARY KEY (shipment, at, digest)
) STRICT, WITHOUT ROWID;

CREATE TABLE journal (
    id INTEGER PRIMARY KEY,
    order_id TEXT NOT NULL REFERENCES orders (id),
    recorded_at INTEGER NOT NULL,
    entry TEXT NOT NULL
) STRICT;
CREATE INDEX journal_of_order ON journal (order_id);
CREATE TRIGGER journal_is_never_changed BEFORE UPDATE ON journal
    BEGIN SELECT RAISE(ABORT, 'the journal only grows'); END;
CREATE TRIGGER journal_is_never_shortened BEFORE DELETE ON journal
    BEGIN SELECT RAISE(ABORT, 'the journal only grows'); END;

CREATE TABLE alerts (
    id INTEGER PRIMARY KEY,
    rule TEXT NOT NULL,
    subject TEXT NOT NULL,
    occurrence TEXT NOT NULL,
    order_id TEXT REFERENCES orders (id),
    stage TEXT NOT NULL,
    level INTEGER NOT NULL,
    severity TEXT NOT NULL,
    since INTEGER NOT NULL,
    deadline INTEGER,
    act_by INTEGER,
    state TEXT NOT NULL,
    told_level INTEGER NOT NULL DEFAULT -1,
    told_at INTEGER,
    title TEXT NOT NULL,
    UNIQUE (rule, subject, occurrence)
) STRICT;
CREATE INDEX alerts_of_order ON alerts (order_id);
CREATE INDEX alerts_about_us ON alerts (id) WHERE order_id IS NULL;
CREATE INDEX alerts_lasting ON alerts (state, act_by) WHERE state IN ('open', 'acknowledged', 'snoozed');

CREATE TABLE notices (
    id INTEGER PRIMARY KEY,
    alert INTEGER NOT NULL REFERENCES alerts (id),
    dedup_key TEXT NOT NULL UNIQUE,
    kind TEXT NOT NULL,
    rule TEXT NOT NULL,
    stage TEXT NOT NULL,
    subject TEXT NOT NULL,
    order_id TEXT,
    severity TEXT NOT NULL,
    title TEXT NOT NULL,
    body TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    not_before INTEGER NOT NULL,
    expires_at INTEGER NOT NULL
) STRICT;
CREATE INDEX notices_of_alert ON notices (alert);

CREATE TABLE deliveries (
    id INTEGER PRIMARY KEY,
    notice INTEGER NOT NULL REFERENCES notices (id),
    channel TEXT NOT NULL,
    rank INTEGER NOT NULL,
    state TEXT NOT NULL DEFAULT 'queued',
    attempt INTEGER NOT NULL DEFAULT 0,
    next_at INTEGER,
    lease_until INTEGER,
    provider_id TEXT,
    last_error TEXT,
    UNIQUE (notice, channel)
) STRICT;
CREATE INDEX deliveries_due ON deliveries (channel, rank DESC, next_at)
    WHERE state IN ('queued', 'unknown') AND next_at IS NOT NULL;
CREATE INDEX deliveries_sending ON deliveries (lease_until) WHERE state = 'sending';

CREATE TABLE attempts (
    id INTEGER PRIMARY KEY,
    delivery INTEGER NOT NULL REFERENCES deliveries (id),
    at INTEGER NOT NULL,
    outcome TEXT NOT NULL,
    detail TEXT NOT NULL
) STRICT;
CREATE INDEX attempts_of_delivery ON attempts (delivery);

CREATE TABLE payloads (
    hash BLOB PRIMARY KEY,
    source TEXT NOT NULL,
    body BLOB NOT NULL,
    first_seen_at INTEGER NOT NULL,
    last_seen_at INTEGER NOT NULL
) STRICT;
CREATE INDEX payloads_by_age ON payloads (last_seen_at);

CREATE TABLE payload_shipments (
    shipment INTEGER NOT NULL REFERENCES shipments (id),
    payload BLOB NOT NULL REFERENCES payloads (hash) ON DELETE CASCADE,
    PRIMARY KEY (shipment, payload)
) STRICT, WITHOUT ROWID;
CREATE INDEX payload_shipments_by_payload ON payload_shipments (payload);

CREATE TABLE sources (
    name TEXT PRIMARY KEY,
    last_success_at INTEGER,
    failing_since INTEGER,
    error TEXT,
    budget_day TEXT,
    budget_spent INTEGER NOT NULL DEFAULT 0
) STRICT, WITHOUT ROWID;

CREATE TABLE channels (
    name TEXT PRIMARY KEY,
    failing_since INTEGER,
    permanent INTEGER NOT NULL DEFAULT 0,
    error TEXT
) STRICT, WITHOUT ROWID;

CREATE TABLE unmapped_codes (
    source TEXT NOT NULL,
    code TEXT NOT NULL,
    first_seen_at INTEGER NOT NULL,
    PRIMARY KEY (source, code)
) STRICT, WITHOUT ROWID;

CREATE TABLE memory (
    key TEXT PRIMARY KEY,
    value TEXT NOT NULL
) STRICT, WITHOUT ROWID;
"""


@migrations()
def m0001_foundation(db: Database) -> None:
    """Orders, shipments, events, journal, alerts, outbox, payloads, health."""
    for statement in _statements(_FIRST):
        db.execute(statement)


_LOOKUPS = """
CREATE TABLE lookups (
    shipment INTEGER NOT NULL REFERENCES shipments (id),
    source TEXT NOT NULL,
    number TEXT NOT NULL,
    fingerprint BLOB,
    begun_at INTEGER NOT NULL,
    last_success_at INTEGER,
    failures INTEGER NOT NULL DEFAULT 0,
    last_error TEXT,
    next_poll_at INTEGER,
    PRIMARY KEY (shipment, source, number)
) STRICT, WITHOUT ROWID;
INSERT INTO lookups SELECT id, source, number, fingerprint, first_seen_at, last_success_at, failures, last_error,
    next_poll_at FROM shipments WHERE source IS NOT NULL;
CREATE INDEX lookups_due ON lookups (next_poll_at) WHERE next_poll_at IS NOT NULL;

DROP INDEX shipments_due;
ALTER TABLE shipments DROP COLUMN fingerprint;
ALTER TABLE shipments DROP COLUMN first_seen_at;
ALTER TABLE shipments DROP COLUMN last_success_at;
ALTER TABLE shipments DROP COLUMN failures;
ALTER TABLE shipments DROP COLUMN last_error;
ALTER TABLE shipments DROP COLUMN next_poll_at;
"""


@migrations()
def m0002_lookups(db: Database) -> None:
    """A parcel may be looked up at several sources, at each under one of its numbers."""
    for statement in _statements(_LOOKUPS):
        db.execute(statement)


_REPLIES = """
ALTER TABLE alerts ADD COLUMN snoozed_until INTEGER;
CREATE TABLE replies (
    token BLOB PRIMARY KEY,
    at INTEGER NOT NULL,
    alert INTEGER NOT NULL REFERENCES alerts (id),
    word TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX replies_by_age ON replies (at);
"""


@migrations()
def m0003_replies(db: Database) -> None:
    """Alerts can be put off, and answered by buttons, each of which counts once."""
    for statement in _statements(_REPLIES):
        db.execute(statement)


_TIERS = """
ALTER TABLE notices ADD COLUMN deadline INTEGER;
ALTER TABLE notices ADD COLUMN link TEXT;
ALTER TABLE deliveries ADD COLUMN tier INTEGER NOT NULL DEFAULT 0;
ALTER TABLE deliveries ADD COLUMN ack_by INTEGER;
CREATE INDEX deliveries_later ON deliveries (channel, next_at) WHERE state = 'queued' AND tier > 0;
ALTER TABLE channels ADD COLUMN refusal TEXT;
ALTER TABLE channels ADD COLUMN disabled INTEGER NOT NULL DEFAULT 0;
CREATE INDEX notices_for_information ON notices (created_at) WHERE severity = 'info' AND kind = 'news';
CREATE TABLE withdrawals (
    channel TEXT NOT NULL,
    alert INTEGER NOT NULL REFERENCES alerts (id),
    ended_at INTEGER NOT NULL,
    next_at INTEGER NOT NULL,
    PRIMARY KEY (channel, alert)
) STRICT, WITHOUT ROWID;
"""


@migrations()
def m0004_tiers(db: Database) -> None:
    """Messages go over one tier of channels after the other; a channel that refuses twice rests."""
    for statement in _statements(_TIERS):
        db.execute(statement)


_REPEATS = """
DROP INDEX deliveries_later;
CREATE INDEX deliveries_later ON deliveries (channel, next_at)
    WHERE state IN ('queued', 'unknown') AND tier > 0;
"""


@migrations()
def m0005_repeats(db: Database) -> None:
    """What may have arrived over a later tier is found with what waits for it."""
    for statement in _statements(_REPEATS):
        db.execute(statement)


_CALENDAR = """
CREATE TABLE calendar (
    uid TEXT PRIMARY KEY,
    order_id TEXT NOT NULL REFERENCES orders (id),
    entry TEXT NOT NULL,
    sequence INTEGER NOT NULL,
    changed_at INTEGER NOT NULL,
    cancelled INTEGER NOT NULL,
    kept_until INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX calendar_of_order ON calendar (order_id);
CREATE INDEX calendar_kept ON calendar (kept_until, sequence, changed_at);
CREATE TABLE calendar_due (
    order_id TEXT PRIMARY KEY REFERENCES orders (id)
) STRICT, WITHOUT ROWID;
"""


@migrations()
def m0006_calendar(db: Database) -> None:
    """What was published in a calendar, and the orders whose entries may have changed since."""
    for statement in _statements(_CALENDAR):
        db.execute(statement)


_EVIDENCE = """
CREATE TABLE evidence (
    id INTEGER PRIMARY KEY,
    order_id TEXT NOT NULL REFERENCES orders (id),
    path BLOB NOT NULL,
    kind TEXT NOT NULL,
    size INTEGER NOT NULL,
    modified_ns INTEGER NOT NULL,
    inode INTEGER NOT NULL,
    seen_at INTEGER NOT NULL
) STRICT;
CREATE INDEX evidence_of_order ON evidence (order_id);
CREATE TABLE evidence_hashes (
    file INTEGER PRIMARY KEY REFERENCES evidence (id),
    sha256 BLOB NOT NULL,
    read_at INTEGER NOT NULL
) STRICT;
CREATE TABLE evidence_gone (
    file INTEGER PRIMARY KEY REFERENCES evidence (id),
    gone_at INTEGER NOT NULL
) STRICT;
CREATE TRIGGER evidence_is_never_changed BEFORE UPDATE ON evidence
    BEGIN SELECT RAISE(ABORT, 'what is noted of evidence only grows'); END;
CREATE TRIGGER evidence_is_never_shortened BEFORE DELETE ON evidence
    BEGIN SELECT RAISE(ABORT, 'what is noted of evidence only grows'); END;
CREATE TRIGGER evidence_hashes_are_never_changed BEFORE UPDATE ON evidence_hashes
    BEGIN SELECT RAISE(ABORT, 'what is noted of evidence only grows'); END;
CREATE TRIGGER evidence_hashes_are_never_shortened BEFORE DELETE ON evidence_hashes
    BEGIN SELECT RAISE(ABORT, 'what is noted of evidence only grows'); END;
CREATE TRIGGER evidence_gone_is_never_changed BEFORE UPDATE ON evidence_gone
    BEGIN SELECT RAISE(ABORT, 'what is noted of evidence only grows'); END;
CREATE TRIGGER evidence_gone_is_never_shortened BEFORE DELETE ON evidence_gone
    BEGIN SELECT RAISE(ABORT, 'what is noted of evidence only grows'); END;
CREATE TABLE evidence_folders (
    order_id TEXT PRIMARY KEY REFERENCES orders (id),
    troubles TEXT NOT NULL
) STRICT, WITHOUT ROWID;
"""


@migrations()
def m0007_evidence(db: Database) -> None:
    """What lies in the evidence folders: a line for each file as it was seen, none ever changed."""
    for statement in _statements(_EVIDENCE):
        db.execute(statement)


_STAKES = """
ALTER TABLE orders ADD COLUMN staked_until INTEGER NOT NULL DEFAULT 0;
UPDATE orders SET next_at = 0 WHERE phase <> 'finished';
"""


@migrations()
def m0008_stakes(db: Database) -> None:
    """Until when an order's price is at stake: 0, not at all; the highest number, for as long as it runs."""
    for statement in _statements(_STAKES):
        db.execute(statement)


@migrations()
def m0009_notices_of_order(db: Database) -> None:
    """All that was said of an order is found without reading all that was ever said."""
    db.execute("CREATE INDEX notices_of_order ON notices (order_id) WHERE order_id IS NOT NULL")


def _statements(script: str) -> list[str]:
    """The statements of a script; a trigger's own semicolons stay inside it."""
    statements: list[str] = []
    pending = ""
    for line in script.splitlines():
        pending += line + "\n"
        in_trigger = pending.lstrip().startswith("CREATE TRIGGER")
        if line.endswith("END;" if in_trigger else ";"):
            statements.append(pending)
            pending = ""
    return statements
