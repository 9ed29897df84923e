import { begins, type Words, words } from './words.ts';

const DO =
  'arbeite|baue|beginne|behebe|bearbeite|ergänze|erstelle|erweitere|fahre|fange|führe|füge|gehe|implementiere|kümmere|mache|migriere|nehme|passe|portiere|prüfe|schreibe|setze|starte|stelle|teste|übertrage|überarbeite|verschiebe|wende|werde|widme|ziehe';

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
  addresses: words(
    'du|dir|dich|deinL*|ihr|ihnen|ihreL*|euch|euerL*|sie|bitte|danke|jemand|melde? dich',
  ),
  hedges: words(
    'wenn|falls|sofern|ob|oder|nicht|keinL*|nie|niemals|ohne|vielleicht|eventuell|würde|könnte|dürfte|sollte|müsste|angenommen|nur|statt',
  ),
  risks: words(
    'deployL*|veröffentlichL*|ausrollL*|rolle|pushL*|löschL*|sendL*|schickL*|produktionL*|produktivL*|mergeL*|auslieferL*',
  ),
  goesOn: begins(
    `(?:als nächstes|jetzt|nun|dann|danach|anschließend|im nächsten schritt|weiter:?),? (?:${DO}) ich`,
    `ich (?:${DO}) (?:jetzt|nun|als nächstes|gleich|sofort|direkt|mit schritt|mit dem|mit der)`,
    "(?:weiter(?: geht es| geht's)? mit|weiter zu)",
  ),
};
