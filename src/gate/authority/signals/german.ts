import { END, part, type Words, words } from './words.ts';

const DO =
  '(?:baue|beginne|behebe|bearbeite|ergänze|erstelle|erweitere|implementiere|migriere|portiere|schreibe|starte|teste|überarbeite)';
const THING =
  '(?:mit )?(?:(?:schritt|phase|abschnitt|aufgabe|punkt|teil) [0-9]+|(?:den|die|das|dem|der|einen|eine|ein) (?:(?! (?:und|am|nach|vor|bis|bevor) )[^.;:,!?])+|□)';
const NOW = '(?:jetzt|nun|als nächstes|gleich|direkt|dann|danach)';

/** A verb whose second half ends the sentence. */
const PAIRS = [
  ['(?:mache|fahre)', '(?:weiter|fort)'],
  ['setze', 'um'],
  ['passe', 'an'],
] as const;

export const GERMAN: Words = {
  asks: words(
    '(?:soll|darf|kann) ich|sollen wir|möchtest du|möchten sie|wollen sie|willst du',
    '(?:sag|gib|geben sie|sagen sie)(?: mir)? (?:bitte |kurz )?bescheid',
    'bitte (?:prüfL*|bestätigL*|entscheidL*|schauL*|wählL*)|warte auf (?:deine|ihre|die|eine|dein|ihr)|freigabe',
  ),
  lacks: words(
    'mir fehl(?:t|en)|es fehl(?:t|en)(?: mir)?|brauche ich (?:noch|die|das|den|mehr)|ich (?:brauche|benötige)',
    'habe ich (?:nicht|keinen zugriff|keine)|bitte (?:trage|gib|nenne|schickL*|ergänze)',
  ),
  blocked: words(
    'komme (?:L+ )?nicht weiter|kann (?:L+ )*nicht (?:L+ )?(?:weiter|fort|starten|erreichen|lösen)',
    'nicht erreichbar|schlägt (?:L+ )?fehl|scheitert|blockiert|abgelehnt|verweigert|hänge fest|breche (?:L+ )?ab',
  ),
  waits: words(
    'wartL*|sobald|bis|nachdem|später|morgen|nachher|läuft noch|im hintergrund|danach wieder|nächste sitzung',
  ),
  finished: words(
    'fertig\\W*$|(?:alles|alle L+(?: L+){0,4}|damit|die (?:aufgabe|arbeit|umsetzung|implementierung)|das) (?:ist|sind|wäre|wurden?) (?:L+ )?(?:fertig|erledigt|abgeschlossen|umgesetzt|komplett)',
    'nichts (?:mehr|weiter) (?:L+ )?(?:zu tun|offen)|keine (?:weiteren|offenen)',
  ),
  progress: words('L*commit\\w*|committet|fertig|erledigt|umgesetzt|steht|läuft|grün|schritt'),
  addresses: words(
    'du|dir|dich|deinL*|ihr|ihnen|ihreL*|euch|euerL*|sie|bitte|danke|jemand|melde? dich',
  ),
  hedges: words(
    'wenn|falls|sofern|ob|oder|nicht|keinL*|nie|niemals|ohne|vielleicht|eventuell|würde|könnte|dürfte|sollte|müsste|angenommen|nur|statt|nichts|schluss|pause|feierabend',
  ),
  risks: words(
    'deployL*|veröffentlichL*|ausrollL*|rolle|pushL*|löschL*|sendL*|schickL*|produktionL*|produktivL*|mergeL*|auslieferL*',
  ),
  rests: words(
    'L*zusammenfassungL*|L*berichtL*|übergabeL*|protokollL*|nachrichtL*|sitzung|ticket|rest|notiz|team',
  ),
  goesOn: [
    [part(`${NOW},? ${DO} ich `), part(THING), ...END],
    [part(`ich ${DO} ${NOW} `), part(THING), ...END],
    ...PAIRS.flatMap(([verb, half]) => [
      [part(`${NOW},? ${verb} ich `), part(`(?:jetzt )?${THING} ${half}(?!L)`), ...END],
      [part(`ich ${verb} ${NOW} `), part(`${THING} ${half}(?!L)`), ...END],
    ]),
  ],
};
