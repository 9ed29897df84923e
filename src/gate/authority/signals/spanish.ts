import { begins, type Words, words } from './words.ts';

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
  addresses: words('tú|tu|tus|te|ti|usted|ustedes|su|sus|le|les|por favor|gracias|alguien'),
  hedges: words('si|o|no|nunca|quizás?|tal vez|podría|debería|sería|salvo|a menos|sin'),
  risks: words(
    'desplegL*|despliegL*|publicL*|eliminL*|borrL*|enviL*|envío|producción|fusionL*|subir|subo',
  ),
  goesOn: begins(
    '(?:(?:ahora|a continuación|seguidamente|entonces),? )?(?:voy a (?:migrar|escribir|implementar|añadir|agregar|crear|actualizar|corregir|continuar|seguir|empezar|pasar|refactorizar|ejecutar|probar)|sigo con|continúo con|paso a|empiezo con|procedo a)',
    '(?:ahora|a continuación),? (?:implemento|implementaré|escribo|escribiré|añado|añadiré|migro|migraré|actualizo|actualizaré|corrijo|corregiré|empiezo|continúo|sigo|paso)',
  ),
};
