import { END, part, type Words, words } from './words.ts';

const NOW = '(?:ahora|a continuación),? ';
const THING = part('(?:el|la|los|las|un|una) [^.;:,!?]+');

export const SPANISH: Words = {
  asks: words(
    'quieres que|quiere que|prefieres|prefiere|debo|dime|dígame|avísame|avíseme|confirmaL*|espero (?:tu|su|la|una)|te parece|le parece',
  ),
  lacks: words(
    'me faltaL*|faltaL*|necesito (?:el|la|los|las|que|saber|más)|no tengo (?:acceso|el|la|los|las)|podrías|podría usted',
  ),
  blocked: words(
    'estoy bloqueadL*|no puedo|imposible|fallaL*|rechazadL*|denegadL*|no responde|no consigo|atascadL*',
  ),
  waits: words(
    'esperL*|cuando|hasta|en cuanto|después de que|mañana|más tarde|luego|en segundo plano|próxima sesión|una vez',
  ),
  finished: words(
    'tod[oa]s?(?: (?:l[oa]s|está|están|ha|han|sido|ya|L+)){0,5} (?:list[oa]s?|terminad[oa]s?|hech[oa]s?|complet[oa]s?|completad[oa]s?)',
    '(?:listo|hecho|terminado)\\W*$|(?:la tarea|el trabajo|la migración|la implementación) (?:está|ha sido) (?:L+ )?(?:list[oa]|terminad[oa]|complet[oa]|completad[oa])|nada más',
  ),
  progress: words('commit|list[oa]|hech[oa]|terminad[oa]|migrad[oa]|funciona|paso'),
  addresses: words('tú|tu|tus|te|ti|usted|ustedes|su|sus|le|les|por favor|gracias|alguien'),
  hedges: words('si|o|no|nunca|quizás?|tal vez|podría|debería|sería|salvo|a menos|sin'),
  risks: words(
    'desplegL*|despliegL*|publicL*|eliminL*|borrL*|enviL*|envío|producción|fusionL*|subir|subo',
  ),
  rests: words('resumen|informe|ticket|mensaje|sesión|resto|nota'),
  goesOn: [
    [
      part(`(?:${NOW})?voy a `),
      part(
        '(?:migrar|escribir|implementar|añadir|agregar|crear|actualizar|corregir|refactorizar|probar) ',
      ),
      THING,
      ...END,
    ],
    [
      part(NOW),
      part(
        '(?:implemento|implementaré|escribo|escribiré|añado|añadiré|migro|migraré|actualizo|actualizaré|corrijo|corregiré) ',
      ),
      THING,
      ...END,
    ],
    [
      part(`(?:${NOW})?(?:sigo|continúo|continuaré|seguiré) con `),
      part('(?:el|la) (?:paso|punto|módulo|fase|tarea|parte) (?:[0-9]+|siguiente)'),
      ...END,
    ],
  ],
};
