"""Common given names and surnames of Peru, without accents, in small letters: a list of our own, far from complete."""

_GIVEN = """
aaron abel abigail adela adolfo adrian adriana agustin alan alberto aldo alejandra alejandro alex alexander alfonso
alfredo alicia alonso alvaro amalia amelia ana anabel andrea andres angel angela angelica anita antonia antonio ariana
armando arturo augusto aurora beatriz benjamin bernardo betty blanca brayan brenda brian bruno camila carla carlos
carmela carmen carolina catalina cecilia cesar christian cinthya clara claudia consuelo cristian cristina cristobal
cynthia damian daniel daniela dante dario david dayana deysi diana diego dina doris edgar edith edson eduardo edwin
elena elias elizabeth elmer elsa elvira emilia emilio emma enrique erick erika ernesto esperanza estefany esteban
esther eugenia eva evelyn fabian fabiola fatima felipe felix fernando flor florencia francisca francisco franco frank
freddy gabriel gabriela gerardo geraldine german gian giancarlo gilberto gino giovanna gisela gladys gloria gonzalo
graciela gregorio guadalupe guillermo gustavo hector henry herminia hilda hugo humberto ines ingrid irene iris irma
isaac isabel ismael ivan jaime javier jefferson jenny jesica jessica jesus jhon jimmy joaquin joel jonathan jorge jose
josefina joselyn josue juan juana juanita judith julia juliana julio justina karen karina karla kathia katherine katia
kelly kevin lady laura leandro leonardo leonor leslie leticia lidia liliana lizbeth lizeth lorena lourdes lucas lucero
lucia luciana lucio luis luisa luz magaly magdalena manuel manuela marcela marcelo marco marcos margarita maria
mariana maribel maricarmen mariela mario marisol maritza marlene marta martha martin mateo matias mauricio maximo
mayra melissa mercedes micaela miguel milagros miriam mirtha moises monica nancy natalia nelida nelly nelson nestor
nicolas nicole noelia noemi nora norma octavio ofelia olga oscar pablo pamela paola patricia patricio paul paula
paulina pedro percy pilar rafael ramiro ramon raquel raul rebeca renato renzo ricardo richard rita robert roberto
rocio rodolfo rodrigo roger rolando romina rosa rosalia rosario rosmery roxana ruben rufina ruth sabina salvador
samuel sandra santiago santos sara saul sebastian segundo sergio sheyla shirley silvia simon sofia soledad sonia
stefany susana teodora teofilo teresa tomas ursula valentina valeria vanessa veronica vicente victor victoria vilma
violeta virginia walter wendy wilber wilfredo william wilmer wilson ximena yajaira yanet yesenia yolanda yuliana zoila
zulema
"""
_FAMILY = """
aguilar alvarado alvarez apaza arias caceres calderon campos cardenas carrasco castillo castro ccori chavez choque
condori cordova cruz davila diaz espinoza fernandez flores garcia gomez gonzales gutierrez guzman hernandez herrera
huaman huamani huarcaya inga leon lopez mamani martinez medina mejia mendoza meza montes morales moreno nunez ortega
ortiz palomino paredes perez pinto puma quiroz quispe ramirez ramos reyes rios rivera rodriguez rojas romero ruiz
salazar salas sanchez silva soto suarez tapia ticona torres valdivia vargas vasquez vega velasquez vera vilca
villanueva yupanqui zamora zapata zarate
"""
GIVEN_NAMES = frozenset(_GIVEN.split())
SURNAMES = frozenset(_FAMILY.split())
