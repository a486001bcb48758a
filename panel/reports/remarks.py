"""The remarks of estimators in the words of a report's language."""

from collections.abc import Mapping

from panel.estimators.remarks import ENGLISH, Remark

SPANISH: Mapping[str, str] = {
    "outcome_missing": "se dejaron fuera %(rows)s filas: sin valor del resultado %(column)s",
    "value_missing": "se dejaron fuera %(rows)s filas: sin valor de %(column)s",
    "not_due": "se dejaron fuera %(rows)s filas: aún no es su fecha",
    "few_clusters": "%(clusters)s estaciones son pocas: CR1 subestima el error; lea CR2 y el bootstrap por estación",
    "not_nested": "CR2, CR3 y bootstrap: no se calcularon; %(why)s",
    "many_move": "%(units)s mujeres están en más de una estación, demasiadas para ajustar de nuevo sus efectos",
    "wild_drawn": "bootstrap: %(draws)s sorteos con semilla, pues hay más de %(clusters)s estaciones",
    "wild_open": "bootstrap: se omite un intervalo que no termina, como pasa con muy pocas estaciones",
    "no_error": "un error típico es 0 y por eso no hay p ni intervalo: el modelo ajusta exactamente las estaciones",
    "ri_no_set": "aleatorización: no se calculó; necesita el conjunto del que se sorteó",
    "ri_not_computed": "aleatorización: no se calculó; %(why)s",
    "ri_one_way": (
        "aleatorización, %(name)s: no se calculó; ningún otro sorteo deja los demás tratamientos como están "
        "(vea la de todos los grupos)"
    ),
    "ri_ways": "aleatorización, %(name)s: %(ways)s, %(arms)s dados de nuevo, las demás estaciones como están",
    "ri_ways_least": (
        "aleatorización, %(name)s: %(ways)s, %(arms)s dados de nuevo, las demás estaciones como están; "
        "p no puede ser menor que %(least)s"
    ),
    "ri_by_trait": ("aleatorización según un rasgo: pregunta si hay efecto en alguien, no si es el mismo en todas"),
    "ri_all": (
        "aleatorización, todos los grupos: %(ways)s, todos los grupos dados de nuevo; vale si ninguno tiene efecto"
    ),
    "all_ways": "las %(count)s maneras posibles",
    "seeded_draws": "%(count)s sorteos con semilla",
    "one_cluster": "hay una sola estación: sin una segunda no se puede estimar ningún error",
    "unit_in_clusters": "una mujer está en más de una estación",
    "unknown_station": "el sorteo no tiene la estación %(stations)s; tiene %(first)s, …",
    "arm_without_rows": "un grupo no tiene filas en alguna ola, y no se sabe qué tratamiento tuvo entonces",
    "differs_in_arm": "%(name)s: no es igual para todas las de un grupo en una ola",
    "set_too_narrow": "el conjunto del que se sorteó es muy estrecho para sortear de nuevo",
    "weights_with_units": "los pesos son para modelos sin efectos de mujer",
    "constant": "%(name)s: el mismo valor en todas las filas, así que no hay efecto que estimar",
    "absorbed_by_time": "%(name)s: lo absorben los efectos de ola (es igual para todas en cada una)",
    "absorbed": (
        "%(name)s: lo absorben los efectos de mujer y ola (no varía más allá de ellos); "
        "un rasgo de la mujer solo puede entrar multiplicado por la ola"
    ),
    "collinear": "%(name)s: colineal con %(others)s",
    "icc_too_few": ("una correlación intraestación necesita varias estaciones por grupo y varias mujeres por estación"),
    "no_variation": "el resultado no varía dentro de los grupos",
    "no_answer": "un grupo no tiene ninguna respuesta: no hay nada que acotar",
    "trait_constant": "un rasgo igual para todas no puede decir quién respondió",
    "answers_told": "los rasgos dicen exactamente quién respondió: no hay a quién ponderar en lugar de las demás",
    "no_row": "no queda ninguna fila con la cual estimar",
    "no_baseline": "ninguna mujer tiene el resultado en la ola inicial",
    "wave_binary": "%(name)s: los efectos por ola necesitan un tratamiento de 0 y 1",
    "no_regressor": "%(name)s: no hay tal regresor; hay %(others)s",
    "one_period": "hay una sola ola: nada viene después de la inicial",
    "family_clusters": "los resultados de una familia deben ser de las mismas estaciones",
    "moderator_by_wave": "%(name)s: un rasgo moderador no va con efectos por ola",
    "moderator_varies": (
        "%(name)s: no es igual en todas las filas de una mujer; "
        "los efectos solo pueden diferir según un rasgo de antes del sorteo"
    ),
    "no_base": "ninguna fila de la ola inicial %(base)s; hay %(periods)s",
    "no_last_answer": "%(column)s: nadie respondió en la última ola",
    "no_base_value": "%(column)s: sin ningún valor en la ola inicial",
    "no_column": "%(file)s: no tiene la columna %(columns)s; tiene %(present)s",
    "no_complete_row": "%(file)s: ninguna fila tiene valor de %(columns)s a la vez",
    # A fault of a file that a command reads is told as that command tells it.
    "data": "%(sentence)s",
}


def said(remark: Remark, language: str) -> str:
    """Return a remark in a report's language; anything but English gets Spanish."""
    return remark.said(ENGLISH if language.startswith("en") else SPANISH)
