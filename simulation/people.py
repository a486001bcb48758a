"""Invented women: names, documents, telephones and addresses that belong to nobody and say so."""

import numpy as np
from numpy.random import Generator

from participants.identity import Identity

FIRST_NAMES = (
    "Ana Lucía", "Beatriz", "Carla", "Carmen Rosa", "Cecilia", "Claudia", "Diana", "Elena", "Elizabeth", "Esther",
    "Fiorella", "Flor de María", "Gabriela", "Giovanna", "Gladys", "Haydée", "Inés", "Janet", "Jessica", "Juana",
    "Karina", "Katherine", "Leticia", "Liliana", "Lourdes", "Luz Marina", "Magaly", "Margarita", "María Elena",
    "Maribel", "Mariela", "Milagros", "Miriam", "Nancy", "Nelly", "Norma", "Olga", "Paola", "Patricia", "Pilar",
    "Rocío", "Rosa María", "Rosario", "Roxana", "Ruth", "Sandra", "Silvia", "Sonia", "Susana", "Tania", "Teresa",
    "Vanessa", "Verónica", "Victoria", "Vilma", "Viviana", "Yesenia", "Yolanda", "Zoila", "Zulema",
)  # fmt: skip
SURNAMES = (
    "Aguilar", "Alarcón", "Anco", "Apaza", "Arias", "Ayala", "Bautista", "Benites", "Cáceres", "Calderón", "Campos",
    "Cárdenas", "Castillo", "Ccori", "Chávez", "Choque", "Condori", "Cruz", "Delgado", "Díaz", "Espinoza", "Flores",
    "Gálvez", "García", "Gómez", "Huamán", "Huanca", "Inga", "Jiménez", "Ledesma", "León", "López", "Luna", "Mamani",
    "Medina", "Mendoza", "Meza", "Montes", "Núñez", "Ortiz", "Palomino", "Paredes", "Pérez", "Ponce", "Quispe",
    "Ramos", "Reyes", "Ríos", "Rojas", "Romero", "Salazar", "Sánchez", "Soto", "Sulca", "Tapia", "Torres", "Valdivia",
    "Vargas", "Vega", "Villanueva", "Yupanqui", "Zamora", "Zapata", "Zevallos",
)  # fmt: skip
STREETS = (
    "Jr. Los Jilgueros Inventados", "Calle Las Nubes de Prueba", "Av. El Ensayo", "Psje. La Muestra", "Jr. El Ejemplo",
    "Calle Los Datos Ficticios", "Av. Las Cometas Imaginarias", "Psje. El Borrador", "Jr. Las Retamas de Papel",
    "Calle La Simulación",
)  # fmt: skip
HINTS = ("portón verde", "frente al parque", "segundo piso", "al lado de la bodega", "casa de esquina", "timbre 2")
CODE_WORDS = (
    "tamal", "alfajor", "canela", "costura", "farmacia", "lana", "maceta", "pan de yema", "quinua", "rifa", "tejido",
    "zapatería",
)  # fmt: skip
AT_HOME = ("su madre", "sus hijos", "su suegra, por las mañanas", "nadie más", "una hermana", "un inquilino")
COVER_STORIES = (
    "Encuesta sobre servicios del distrito", "Reunión del colegio", "Aviso de la parroquia", "Taller de costura",
    "Catálogo de productos",
)  # fmt: skip
WARNINGS = (
    "", "", "hay un auto gris en la puerta", "la cortina de la ventana está cerrada", "se oye música fuerte",
    "la luz del patio está encendida",
)  # fmt: skip


def draw_people(rng: Generator, count: int, *, first_number: int = 1) -> tuple[Identity, ...]:
    """Invent the sealed cards of `count` women, numbered from `first_number`.

    Documents read SIM… and telephones begin with 000, which no Peruvian number does; e-mail addresses end in
    .invalid, which never exists; streets do not exist. So
    nobody can be called, found or mistaken for a real person if the synthetic data leave the machine.
    """

    def pick(pool: tuple[str, ...]) -> list[str]:
        return [pool[place] for place in rng.integers(len(pool), size=count)]

    rows = zip(
        pick(FIRST_NAMES), pick(SURNAMES), pick(SURNAMES), pick(STREETS), rng.integers(100, 1000, size=count).tolist(),
        pick(HINTS), pick(CODE_WORDS), pick(AT_HOME), pick(COVER_STORIES), pick(WARNINGS), strict=True,
    )  # fmt: skip
    return tuple(
        Identity(
            full_name=f"{given} {first} {second}",
            document=f"SIM{number:05d}",
            telephone=synthetic_telephone(number),
            email=f"p{number:05d}@example.invalid",
            address=f"{street} {door} (dato sintético)",
            address_hint=hint,
            code_word=code_word,
            who_may_be_home=at_home,
            if_someone_else_answers=story,
            do_not_approach_if=warning,
        )
        for number, (given, first, second, street, door, hint, code_word, at_home, story, warning) in enumerate(
            rows, start=first_number
        )
    )


def draw_staff_names(rng: Generator, count: int) -> tuple[str, ...]:
    """Invent the names of `count` members of the team."""
    given, first = rng.integers(len(FIRST_NAMES), size=count), rng.integers(len(SURNAMES), size=count)
    return tuple(f"{FIRST_NAMES[given[row]]} {SURNAMES[first[row]]}" for row in range(count))


def synthetic_telephone(number: int) -> str:
    """Return a nine-digit telephone that no network can reach."""
    return f"000{number % 1_000_000:06d}"


def draw_uuids(rng: Generator, count: int) -> list[str]:
    """Draw `count` version-4 UUIDs from the generator, as text."""
    octets = np.frombuffer(rng.bytes(16 * count), dtype=np.uint8).reshape(count, 16).copy()
    octets[:, 6] = (octets[:, 6] & 0x0F) | 0x40
    octets[:, 8] = (octets[:, 8] & 0x3F) | 0x80
    hexes = octets.tobytes().hex()
    return [
        f"{h[:8]}-{h[8:12]}-{h[12:16]}-{h[16:20]}-{h[20:]}"
        for h in (hexes[32 * row : 32 * row + 32] for row in range(count))
    ]
