"""Other stories of one order, in which every message stands, and there are no others."""

from pathlib import Path

import pytest

from tests.stories.telling import lines_of, tell

#: Nothing is wrong: customs lets it through, it comes, it is checked. Who has it is left alone.
A_GOOD_END = """
    Sat 3 Oct 12:00   scan     in_transit, Shenzhen
    Thu 8 Oct 12:00   scan     in_customs, Madrid
    Fri 9 Oct 12:00   scan     in_transit, Madrid
    Mon 12 Oct 09:00  info     Dispute possible: USB hub | possible now · €41.90 · until Mon 30 Nov
    Tue 13 Oct 08:00  scan     out_for_delivery, Madrid
    Tue 13 Oct 08:00  notice   Film the opening: USB hub | comes today · €41.90 · film it
    Tue 13 Oct 13:30  scan     delivered, Madrid
    Tue 13 Oct 13:30  notice   Delivered: USB hub | 1 min ago · €41.90 · check until Tue 27 Oct
    Tue 13 Oct 19:00  record   received
    Thu 15 Oct 19:00  record   all-fine
"""

#: Day 11 is a notice to who has looked for the button before. A dispute that is cancelled arms everything
#: again, and what began meanwhile speaks for itself.
TOO_EARLY = """
    Sat 3 Oct 12:00   scan     in_transit, Shenzhen
    Wed 7 Oct 21:00   record   no-button
    Thu 8 Oct 21:00   record   no-button
    Mon 12 Oct 09:00  notice   Dispute possible: USB hub | possible now · €41.90 · until Mon 30 Nov
    Mon 12 Oct 20:00  record   dispute-opened --reason not_received
    Tue 13 Oct 20:00  record   dispute-cancelled
    Tue 13 Oct 20:00  notice   Dispute cancelled: USB hub | 48 days left · €41.90 · until Mon 30 Nov
    Sat 17 Oct 09:00  urgent   No news: USB hub | 14 days no scan · €41.90 · act by Mon 30 Nov
    Mon 16 Nov 09:00  urgent   Late: USB hub | 1 day late · €41.90 · act by Mon 30 Nov
    Mon 16 Nov 09:00  notice   Protection ending: USB hub | 14 days left · €41.90 · until Mon 30 Nov
    Mon 23 Nov 09:00  warning  Protection ending: USB hub | 7 days left · €41.90 · act by Mon 30 Nov
    Fri 27 Nov 09:00  urgent   Protection nearly over: USB hub | 3 days left · €41.90 · act by Mon 30 Nov
    Sun 29 Nov 09:00  critical Last chance: USB hub | 39 h left · €41.90 · act by Mon 30 Nov 12:00
    Tue 1 Dec 09:00   warning  Protection over? USB hub | ended Mon 30 Nov · €41.90 · look today
"""

#: No button after delivery: asked again after two days, each time; the days for complaints run on beside it.
STILL_SHIPPED = """
    Sat 3 Oct 12:00   scan     in_transit, Shenzhen
    Mon 12 Oct 09:00  info     Dispute possible: USB hub | possible now · €41.90 · until Mon 30 Nov
    Tue 13 Oct 13:30  scan     delivered, Madrid
    Tue 13 Oct 13:30  notice   Delivered: USB hub | 1 min ago · €41.90 · check until Tue 27 Oct
    Tue 13 Oct 19:00  record   received
    Tue 13 Oct 19:05  record   no-button
    Thu 15 Oct 09:00  notice   Button there now? USB hub | look again · €41.90 · until Wed 28 Oct 13:30
    Thu 15 Oct 19:00  record   no-button
    Sat 17 Oct 09:00  notice   Button there now? USB hub | look again · €41.90 · until Wed 28 Oct 13:30
    Wed 21 Oct 09:00  notice   Check the goods: USB hub | 7 days left · €41.90 · until Wed 28 Oct 13:30
    Sun 25 Oct 09:00  warning  Check the goods now: USB hub | 3 days left · €41.90 · by Wed 28 Oct 01:30
    Tue 27 Oct 09:00  urgent   Last check of the goods: USB hub | 28 h left · €41.90 · act by Wed 28 Oct 01:30
    Tue 27 Oct 19:00  record   no-button
    Tue 27 Oct 21:00  record   dispute-opened --reason quality
    Wed 28 Oct 21:00  record   refund-issued
    Wed 28 Oct 21:01  record   refund-received
"""

#: Several in sequence, each with its own time. A new offer takes the old one's place, a request waits beside
#: it; what is answered is silent, the other is not. A line that was a mistake is taken back.
OFFERS_AND_REQUESTS = """
    Sat 3 Oct 12:00   scan     in_transit, Shenzhen
    Mon 12 Oct 09:00  info     Dispute possible: USB hub | possible now · €41.90 · until Mon 30 Nov
    Thu 15 Oct 11:30  scan     delivered, Madrid
    Thu 15 Oct 11:30  notice   Delivered: USB hub | 1 min ago · €41.90 · check until Thu 29 Oct
    Thu 15 Oct 12:00  record   received
    Sat 17 Oct 20:00  record   dispute-opened --reason quality
    Sun 18 Oct 20:00  record   offer --due 2026-10-21T20:00
    Mon 19 Oct 20:00  warning  Answer the offer: USB hub | 2 days left · €41.90 · by Wed 21 Oct 08:00
    Mon 19 Oct 21:00  record   offer --due 2026-10-24T20:00
    Tue 20 Oct 09:00  notice   Ask for mediation: USB hub | open 3 days · €41.90 · ask them to decide
    Tue 20 Oct 12:00  record   request --due 2026-10-23T12:00
    Wed 21 Oct 12:00  warning  Answer needed: USB hub | 2 days left · €41.90 · by Thu 22 Oct 24:00
    Thu 22 Oct 12:00  urgent   Answer needed today: USB hub | 24 h left · €41.90 · act by Thu 22 Oct 24:00
    Thu 22 Oct 20:00  warning  Answer the offer: USB hub | 2 days left · €41.90 · by Sat 24 Oct 08:00
    Fri 23 Oct 06:00  critical Last hours to answer: USB hub | 6 h left · €41.90 · now, by Fri 23 Oct 12:00
    Fri 23 Oct 10:00  record   answered --to request
    Fri 23 Oct 20:00  urgent   Answer the offer today: USB hub | 24 h left · €41.90 · act by Sat 24 Oct 08:00
    Sat 24 Oct 10:00  record   answered
    Sun 25 Oct 10:00  record   offer
    Sun 25 Oct 10:00  warning  Answer the offer: USB hub | 2 days left · €41.90 · by Mon 26 Oct 22:00
    Sun 25 Oct 22:00  record   undo --note 'that was another order'
    Mon 26 Oct 10:00  record   dispute-cancelled
    Mon 26 Oct 10:00  notice   Dispute cancelled: USB hub | 4 days left · €41.90 · until Fri 30 Oct 11:30
    Mon 26 Oct 10:01  record   closed
"""

#: The same clocks in the buyer's language.
IN_SPANISH = """
    Sat 3 Oct 12:00   scan     in_transit, Shenzhen
    Mon 12 Oct 09:00  info     Disputa posible: USB hub | desde ahora · 41,90 € · hasta lun 30 nov
    Thu 15 Oct 11:30  scan     delivered, Sevilla
    Thu 15 Oct 11:30  urgent   Entregado en otro sitio: USB hub | otra dirección · 41,90 € · límite: jue 29 oct
    Sat 17 Oct 09:00  notice   ¿Ha llegado? USB hub | hace 45 h · 41,90 € · míralo hasta jue 29 oct
    Sat 17 Oct 20:00  record   dispute-opened --reason wrong_address
    Tue 20 Oct 09:00  notice   Pide que intervengan: USB hub | abierta 3 días · 41,90 € · pide que decidan
    Tue 20 Oct 20:00  record   request --due 2026-10-22T18:00
    Tue 20 Oct 20:00  warning  Tienes que responder: USB hub | 46 h · 41,90 € · límite jue 22 oct 06:00
    Wed 21 Oct 18:00  urgent   Responde hoy: USB hub | 24 h · 41,90 € · límite jue 22 oct 06:00
    Thu 22 Oct 09:00  notice   Mira tu disputa: USB hub | abierta 5 días · 41,90 € · mírala hoy
    Thu 22 Oct 12:00  critical Responde ahora mismo: USB hub | 6 h · 41,90 € · ya: acaba jue 22 oct 18:00
    Thu 22 Oct 12:30  record   answered
    Fri 23 Oct 20:00  record   decision --in-favour-of seller --due 2026-10-30
    Fri 23 Oct 20:00  warning  Decisión en tu contra: USB hub | quedan 7 días · 41,90 € · límite: vie 30 oct
    Mon 26 Oct 20:00  record   appealed
    Mon 9 Nov 20:00   record   decision --in-favour-of buyer
    Thu 12 Nov 09:00  info     Reembolso en camino: USB hub | 3 días hábiles · 41,90 € · mira tu banco
    Mon 16 Nov 20:00  record   return-approved --carrier 'CTT Express'
    Mon 16 Nov 20:00  warning  Devuélvelo: USB hub | quedan 10 días · 41,90 € · límite: mié 25 nov
    Mon 16 Nov 21:00  record   return-shipped --number XX1
    Mon 30 Nov 20:00  record   refund-issued
    Thu 3 Dec 09:00   info     Reembolso en camino: USB hub | 3 días hábiles · 41,90 € · mira tu banco
    Sat 5 Dec 20:00   record   refund-received
"""


@pytest.mark.parametrize(
    "story",
    [A_GOOD_END, TOO_EARLY, STILL_SHIPPED, OFFERS_AND_REQUESTS],
    ids=["a good end", "too early", "still shipped", "offers and requests"],
)
async def test_a_story(story: str, tmp_path: Path) -> None:
    assert await tell(tmp_path, story) == lines_of(story)


async def test_a_story_in_spanish(tmp_path: Path) -> None:
    assert await tell(tmp_path, IN_SPANISH, language="es") == lines_of(IN_SPANISH)
