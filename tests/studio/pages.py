"""What a trader's phone sends and reads."""

from django.test import Client


def product_form(**changes: object) -> dict[str, object]:
    """The fields of a product as the form sends them."""
    return {"name": "Sambal terasi", "price": "21000", "unit": "botol", "active": "on"} | changes


def read(client: Client, address: str) -> str:
    """Return what the page at `address` holds, each stretch of blanks as one."""
    answer = client.get(address)
    assert answer.status_code == 200
    return " ".join(answer.content.decode().replace("\u00a0", " ").split())
