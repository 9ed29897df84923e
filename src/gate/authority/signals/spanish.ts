import { begins, type Words, words } from './words.ts';

export const SPANISH: Words = {
  asks: words(
    'quieres que|quiere que|prefieres|prefiere|debo|dime|dígame|avísame|avíseme|confirma\\p{L}*|espero (?:tu|su|la|una)|te parece|le parece',
  ),
  lacks: words(
    'me falta\\p{L}*|falta\\p{L}*|necesito (?:el|la|los|las|que|saber|más)|no tengo (?:acceso|el|la|los|las)|podrías|podría usted',
  ),
  blocked: words(
    'estoy bloquead\\p{L}*|no puedo|imposible|falla\\p{L}*|rechazad\\p{L}*|denegad\\p{L}*|no responde|no consigo|atascad\\p{L}*',
  ),
  waits: words(
    'esper\\p{L}*|cuando|hasta|en cuanto|después de que|mañana|más tarde|luego|en segundo plano|próxima sesión|una vez',
  ),
  finished: words(
    'tod[oa]s?(?: (?:l[oa]s|está|están|ha|han|sido|ya|\\p{L}+)){0,5} (?:list[oa]s?|terminad[oa]s?|hech[oa]s?|complet[oa]s?|completad[oa]s?)',
    '(?:listo|hecho|terminado)\\W*$|(?:la tarea|el trabajo|la migración|la implementación) (?:está|ha sido) (?:\\p{L}+ )?(?:list[oa]|terminad[oa]|complet[oa]|completad[oa])|nada más',
  ),
  addresses: words('tú|tu|tus|te|ti|usted|ustedes|su|sus|le|les|por favor|gracias|alguien'),
  hedges: words('si|o|no|nunca|quizás?|tal vez|podría|debería|sería|salvo|a menos|sin'),
  risks: words(
    'despleg\\p{L}*|desplieg\\p{L}*|public\\p{L}*|elimin\\p{L}*|borr\\p{L}*|envi\\p{L}*|envío|producción|fusion\\p{L}*|subir|subo',
  ),
  goesOn: begins(
    '(?:(?:ahora|a continuación|seguidamente|entonces),? )?(?:voy a (?:migrar|escribir|implementar|añadir|agregar|crear|actualizar|corregir|continuar|seguir|empezar|pasar|refactorizar|ejecutar|probar)|sigo con|continúo con|paso a|empiezo con|procedo a)',
    '(?:ahora|a continuación),? (?:implemento|implementaré|escribo|escribiré|añado|añadiré|migro|migraré|actualizo|actualizaré|corrijo|corregiré|empiezo|continúo|sigo|paso)',
  ),
};
