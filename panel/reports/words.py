"""The words of a report, in both languages."""

from panel.columns import Label
from panel.plan_states import PlanStanding

SAYS = {
    "title": Label("Informe de estimaciones", "Report of estimates"),
    "blinded": Label(
        "CEGADO: los grupos de esta tabla se barajaron al azar. Sus números no dicen nada del estudio.",
        "BLINDED: the groups of this table were shuffled at random. Its numbers say nothing about the study.",
    ),
    "exploratory": Label("Exploratorio: no está en el plan.", "Exploratory: not in the plan."),
    "described": Label("Descriptivo: no estima ningún efecto.", "Descriptive: it estimates no effect."),
    "planned": Label("Según el plan.", "By the plan."),
    "plan": Label("Plan", "Plan"),
    "plan_hash": Label("Plan, SHA-256", "Plan, SHA-256"),
    "source": Label("Datos", "Data"),
    "made": Label("Hecho el", "Made on"),
    "contents": Label("Contenido", "Contents"),
    "left_out": Label(
        "Se cuenta a quienes están en los datos. Quienes dejaron de estar de acuerdo con entregarlos no están.",
        "Those who are in the data are counted. Who does not agree any more to give hers out is not among them.",
    ),
    "few": Label(
        "Con pocas estaciones, CR1 no basta: se muestra para comparar. Se lee CR2 con grados de libertad de "
        "Satterthwaite, el bootstrap por estación y la inferencia por aleatorización.",
        "With few stations CR1 is not enough: it is shown for comparison. Read CR2 with Satterthwaite's degrees of "
        "freedom, the bootstrap by station and randomisation inference.",
    ),
    "counted": Label("%s, %s: %s filas, %s estaciones.", "%s, %s: %s rows, %s stations."),
    "not_locked": Label(
        "Exploratorio: el plan de este informe no está cerrado.", "Exploratory: the plan of this report is not locked."
    ),
    "late": Label(
        "Exploratorio, añadido al plan después de conocer los grupos",
        "Exploratory, added to the plan after it was known which group is which",
    ),
    "groups": Label("Grupos", "Groups"),
    "data_locks": Label("Datos cerrados", "Data locked"),
    "by_word": Label(
        "Como son, por la palabra de quien tiene el archivo: nadie preguntó si el desenmascaramiento está registrado, "
        "ni si el plan está cerrado.",
        "As they are, by the word of whoever holds the file: nobody asked whether unblinding is recorded, nor whether "
        "the plan is locked.",
    ),
    "numbers": Label("Los números de esta figura", "The numbers of this picture"),
    "warnings": Label("Advertencias", "Warnings"),
    "not_estimated": Label("No se estimó", "Not estimated"),
}

STANDINGS = {
    PlanStanding.LOCKED: Label(
        "Cerrado antes de conocer los grupos.", "Locked before it was known which group is which."
    ),
    PlanStanding.LATE: Label(
        "Cerrado después de conocer los grupos: lo que añade es exploratorio.",
        "Locked after it was known which group is which: what it adds is exploratory.",
    ),
    PlanStanding.NOT_LOCKED: Label("No está cerrado: todo es exploratorio.", "Not locked: all of it is exploratory."),
}

HEADS = {
    "effect": Label("Efecto de", "Effect of"),
    "outcome": Label("Resultado", "Outcome"),
    "model": Label("Modelo", "Model"),
    "measure": Label("Medida", "Measure"),
    "estimate": Label("Estimación", "Estimate"),
    "se": Label("Error típico", "Standard error"),
    "df": Label("Grados de libertad", "Degrees of freedom"),
    "p": Label("p", "p"),
    "ci": Label("Intervalo de 95 %", "95 % interval"),
    "cr1": Label("CR1 (no basta)", "CR1 (not enough)"),
    "cr2": Label("CR2", "CR2"),
    "cr3": Label("CR3", "CR3"),
    "wild": Label("Bootstrap por estación", "Wild cluster bootstrap"),
    "ri": Label("Aleatorización", "Randomisation"),
    "ri_all": Label("Aleatorización, todos los grupos", "Randomisation, all arms"),
    "detectable": Label("Mínimo detectable (80 %)", "Detectable (80 %)"),
    "rows": Label("Filas", "Rows"),
    "clusters": Label("Estaciones", "Stations"),
    "wave": Label("Ola", "Wave"),
    "arm": Label("Grupo", "Group"),
    "women": Label("Mujeres", "Women"),
    "answered": Label("Con el resultado", "With the outcome"),
    "holm": Label("p de Holm", "Holm's p"),
    "benjamini_hochberg": Label("p de Benjamini y Hochberg", "Benjamini and Hochberg's p"),
    "romano_wolf": Label("p de Romano y Wolf", "Romano and Wolf's p"),
    "lower": Label("Cota inferior", "Lower bound"),
    "upper": Label("Cota superior", "Upper bound"),
    "trimmed": Label("Parte recortada", "Share trimmed"),
    "icc": Label("Correlación intraestación", "Intracluster correlation"),
    "per_station": Label("Mujeres por estación", "Women per station"),
    "sd": Label("Desviación dentro de los grupos", "Deviation within arms"),
    "largest": Label("Mayor diferencia (desviaciones de mujeres)", "Largest difference (deviations of women)"),
    "largest_by_station": Label(
        "Mayor diferencia (desviaciones de estaciones)", "Largest difference (deviations of stations)"
    ),
    "column": Label("Antes del sorteo", "Before the allocation"),
    "trait": Label("Rasgo", "Trait"),
    "chance": Label("Potencia", "Power"),
    "effect_sd": Label("Efecto (desviaciones)", "Effect (deviations)"),
    "from": Label("Desde", "From"),
    "to": Label("Hasta", "To"),
    "ways": Label("Sorteos", "Allocations"),
}

TABLES = {
    "trial_flow": Label("De las denuncias al análisis", "From reports to the analysis"),
    "effects": Label("Efectos por modelo", "Effects by model"),
    "inference": Label("Toda la inferencia del modelo principal", "Every inference of the primary model"),
    "family": Label("Varios resultados a la vez", "Several outcomes at once"),
    "event": Label("Efectos por ola", "Effects by wave"),
    "attrition": Label("Quién respondió", "Who answered"),
    "bounds": Label("Cotas de Lee en la última ola", "Lee's bounds at the last wave"),
    "weighted": Label("Ponderado por la probabilidad de responder", "Weighted by the chance to answer"),
    "likeness": Label("Parecido dentro de las estaciones", "Likeness within stations"),
    "balance": Label("Equilibrio antes del sorteo", "Balance before the allocation"),
    "subgroups": Label("Efectos según un rasgo", "Effects by a trait"),
    "exploratory": Label("Fuera del plan", "Outside the plan"),
    "flow": Label("Quién estuvo en cada ola", "Who was there at each wave"),
    "power": Label("Qué efecto se podía hallar", "What effect could be found"),
    "distribution": Label("Qué habría dado otro sorteo", "What another allocation would have given"),
}

NOTES = {
    "effects": Label(
        "Entre paréntesis el error CR2; entre corchetes la p del bootstrap por estación; entre llaves la p por "
        "aleatorización dentro del conjunto del sorteo.",
        "In parentheses the CR2 error; in brackets the p of the wild cluster bootstrap; in braces the p by "
        "randomisation within the set that was drawn from.",
    ),
    "bounds": Label(
        "Cada factor, con él frente a sin él, en la última ola. Errores por bootstrap de estaciones; el intervalo es "
        "el de Imbens y Manski.",
        "Each factor, with it against without it, at the last wave. Errors by bootstrap of stations; the interval is "
        "Imbens and Manski's.",
    ),
    "weighted": Label(
        "Después del inicio, junto al resultado del inicio; el grupo y ese resultado dicen la probabilidad.",
        "After baseline, beside the outcome at baseline; the arm and that outcome tell the chance.",
    ),
    "likeness": Label(
        "Última ola, dentro de los grupos, intervalo de Searle. Mínimo detectable: efecto de un factor con potencia "
        ".80 al 5 %, con la correlación observada, en unidades del resultado.",
        "Last wave, within arms, Searle's interval. Detectable: the effect of one factor with power .80 at 5 %, at "
        "the correlation observed, in the outcome's unit.",
    ),
    "balance": Label(
        "Diferencias entre medias de grupos, en desviaciones dentro de ellos: de las mujeres, y de las medias de las "
        "estaciones, cada una igual, pues estas se sortearon. p: aleatorización con todos los grupos, o CR2 sin "
        "certificado.",
        "Differences between means of arms, in deviations within them: of women, and of the means of stations, each "
        "alike, as these were allocated. p: randomisation of all arms, or CR2 without a certificate.",
    ),
    "alone": Label(
        "Donde falta la p por aleatorización, ningún otro sorteo del conjunto cambia solo ese efecto.",
        "Where p by randomisation is missing, no other allocation of the set changes that effect alone.",
    ),
    "subgroups": Label(
        "El rasgo está centrado en su media. La aleatorización pregunta si hay efecto en alguien, no si es el mismo en "
        "todas.",
        "The trait is centred at its mean. Randomisation asks whether anybody has an effect at all, not whether it is "
        "the same for everybody.",
    ),
    "read_in": Label(
        "Se lee en el modelo %s, como dice el plan de este resultado.",
        "It is read in the model %s, as the plan says of this outcome.",
    ),
    "family": Label(
        "El plan ajusta esta familia por %s; p del bootstrap por estación.",
        "The plan adjusts this family by %s; p of the wild cluster bootstrap.",
    ),
    "flow": Label("Celdas con menos de cinco mujeres quedan vacías.", "Cells of fewer than five women are left empty."),
}
