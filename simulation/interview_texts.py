"""What synthetic women say in synthetic interviews: gentle, about everyday things, with invented names to mask."""

TRANSCRIPTS = (
    (
        "E: Gracias por recibirme. ¿Cómo ha estado esta semana?",
        "P: Bien, más tranquila. El lunes empecé en el taller de costura que lleva la señora Pachas.",
        "E: ¿Cómo se enteró del taller?",
        "P: Me avisó mi vecina Lucía Quispe, que vive en Jr. Los Jilgueros 123. Ella va desde enero.",
        "E: ¿Y qué le parece?",
        "P: Me gusta. Aprendo, converso, y mis hijos hacen ahí la tarea.",
        "E: Hablemos de las personas que la visitan. ¿Cómo ha sido el trato?",
        "P: Respetuoso. Llegan, preguntan si es buen momento, y si no lo es vuelven otro día.",
        "P: La primera vez me dio vergüenza. Después ya no, porque escuchan.",
        "E: ¿Hay algo que cambiaría?",
        "P: Que avisen la hora. A veces estoy en el mercado de Caquetá y me preocupa no estar.",
    ),
    (
        "E: ¿Quién la acompaña en el día a día?",
        "P: Mi mamá y mi hermana Zoraida. Los domingos almorzamos juntas en Comas.",
        "E: ¿Qué la ayuda cuando tiene un día pesado?",
        "P: Caminar. Salgo al parque con mi hija Valeria y se me pasa.",
        "E: ¿Cómo fue pedir apoyo?",
        "P: Difícil al principio. No sabía a quién preguntar. En la posta, el doctor Arce me explicó los pasos.",
        "P: Desde entonces tengo un número al que puedo llamar, y eso da confianza.",
        "E: ¿Qué espera de los próximos meses?",
        "P: Terminar mi curso y trabajar. Ya tengo un puesto ofrecido para marzo.",
    ),
    (
        "E: ¿Cómo describiría las visitas a una amiga?",
        "P: Le diría que son como cuando una conocida pasa a ver si todo va bien.",
        "E: ¿Ha notado algún cambio?",
        "P: Duermo mejor. Y mi hijo Mateo volvió a jugar con sus primos.",
        "E: ¿Algo que le haya molestado?",
        "P: Una vez vinieron dos personas nuevas y tuve que contar todo otra vez.",
        "P: Sería bueno que fueran siempre las mismas.",
        "E: ¿Con quién habla de estas cosas?",
        "P: Con mi comadre Yuriko, y con mi grupo de la parroquia San Judas.",
    ),
    (
        "E: Cuénteme de su barrio.",
        "P: Es tranquilo. Nos conocemos todas, y en Villa El Salvador siempre hay algo que hacer.",
        "E: ¿Qué significa para usted sentirse segura?",
        "P: Poder cerrar mi puerta y saber que si llamo, alguien contesta.",
        "E: ¿Y eso lo siente ahora?",
        "P: Más que antes. Me dejaron escrito a quién llamar y a qué hora.",
        "E: ¿Qué le diría a quien organiza las visitas?",
        "P: Que sigan, que pregunten antes de venir, y que traigan paciencia.",
    ),
)
# Name, memo, what it stands under.
CODES = (
    ("Apoyo", "Quién acompaña o ayuda, y cómo.", ""),
    ("Familia y vecinas", "Apoyo de personas cercanas.", "Apoyo"),
    ("Servicios", "Apoyo de instituciones.", "Apoyo"),
    ("Trato en las visitas", "Cómo fue recibida y escuchada.", ""),
    ("Avisos y horarios", "Lo que conviene o estorba de días y horas.", "Trato en las visitas"),
    ("Planes", "Lo que espera o empieza.", ""),
)
# What each of two coders marks in the first text: paragraph (from 0) and code.
MARKS = (
    ((1, "Planes"), (3, "Familia y vecinas"), (5, "Apoyo"), (7, "Trato en las visitas"), (10, "Avisos y horarios")),
    (
        (1, "Planes"), (3, "Familia y vecinas"), (7, "Trato en las visitas"), (8, "Trato en las visitas"),
        (10, "Avisos y horarios"),
    ),
)  # fmt: skip
