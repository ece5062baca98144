"""The landing page: a card for each lab, grouped as the lecture is."""

from tornado.web import HTTPError, authenticated

from trainingwheels.classroom.assets import OWN_FILES
from trainingwheels.classroom.cards import Card
from trainingwheels.classroom.pages import Page

__all__ = ["PARTS", "CardPicture", "Gallery", "ShortLink"]

PARTS = {
    "One-time setup": "What is chosen before the first step of training.",
    "Training dynamics": "What happens while the loss goes down, and how to steer it.",
    "Evaluation": "How to squeeze the last percent out of a trained net.",
}
"""The parts of the lecture, in its order, each with a line about it."""


class Gallery(Page):
    """All labs."""

    @authenticated
    async def get(self) -> None:
        cards = await self.classroom.cards.all()
        parts = [(part, about, [card for card in cards if card.part == part]) for part, about in PARTS.items()]
        self.show("gallery.html", parts=[part for part in parts if part[2]])


class CardPicture(Page):
    """The picture on a card. It is awaited here, so that the page need not wait for it."""

    @authenticated
    async def get(self, slug: str) -> None:
        await _find(self, slug)
        picture = await self.classroom.cards.picture(slug)
        self.set_header("Content-Type", "image/webp" if picture else "image/svg+xml")
        self.set_header("Cache-Control", "private, max-age=600")
        self.finish(picture or (OWN_FILES / "no-picture.svg").read_bytes())


class ShortLink(Page):
    """`/labs/<slug>`: the address to write on a blackboard."""

    @authenticated
    async def get(self, slug: str) -> None:
        card = await _find(self, slug)
        query = f"?{self.request.query}" if self.request.query else ""
        self.redirect(f"{self.base_url}voila/render/{card.notebook}{query}")


async def _find(page: Page, slug: str) -> Card:
    """The card of a lab; 404 if there is none of that name."""
    cards: list[Card] = await page.classroom.cards.all()
    for card in cards:
        if card.slug == slug:
            return card
    raise HTTPError(404)
