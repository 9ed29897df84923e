import { begins, type Words, words } from './words.ts';

const DO =
  'arbeite|baue|beginne|behebe|bearbeite|ergänze|erstelle|erweitere|fahre|fange|führe|füge|gehe|implementiere|kümmere|mache|migriere|nehme|passe|portiere|prüfe|schreibe|setze|starte|stelle|teste|übertrage|überarbeite|verschiebe|wende|werde|widme|ziehe';

export const GERMAN: Words = {
  asks: words(
    '(?:soll|darf|kann) ich|sollen wir|möchtest du|möchten sie|wollen sie|willst du',
    '(?:sag|gib|geben sie|sagen sie)(?: mir)? (?:bitte |kurz )?bescheid',
    'bitte (?:prüf\\p{L}*|bestätig\\p{L}*|entscheid\\p{L}*|schau\\p{L}*|wähl\\p{L}*)|warte auf (?:deine|ihre|die|eine|dein|ihr)|freigabe',
  ),
  lacks: words(
    'mir fehl(?:t|en)|es fehl(?:t|en)(?: mir)?|brauche ich (?:noch|die|das|den|mehr)|ich (?:brauche|benötige)',
    'habe ich (?:nicht|keinen zugriff|keine)|bitte (?:trage|gib|nenne|schick\\p{L}*|ergänze)',
  ),
  blocked: words(
    'komme (?:\\p{L}+ )?nicht weiter|kann (?:\\p{L}+ )*nicht (?:\\p{L}+ )?(?:weiter|fort|starten|erreichen|lösen)',
    'nicht erreichbar|schlägt (?:\\p{L}+ )?fehl|scheitert|blockiert|abgelehnt|verweigert|hänge fest|breche (?:\\p{L}+ )?ab',
  ),
  waits: words(
    'wart\\p{L}*|sobald|bis|nachdem|später|morgen|nachher|läuft noch|im hintergrund|danach wieder|nächste sitzung',
  ),
  finished: words(
    'fertig\\W*$|(?:alles|alle \\p{L}+(?: \\p{L}+){0,4}|damit|die (?:aufgabe|arbeit|umsetzung|implementierung)|das) (?:ist|sind|wäre|wurden?) (?:\\p{L}+ )?(?:fertig|erledigt|abgeschlossen|umgesetzt|komplett)',
    'nichts (?:mehr|weiter) (?:\\p{L}+ )?(?:zu tun|offen)|keine (?:weiteren|offenen)',
  ),
  addresses: words(
    'du|dir|dich|dein\\p{L}*|ihr|ihnen|ihre\\p{L}*|euch|euer\\p{L}*|sie|bitte|danke|jemand|melde? dich',
  ),
  hedges: words(
    'wenn|falls|sofern|ob|oder|nicht|kein\\p{L}*|nie|niemals|ohne|vielleicht|eventuell|würde|könnte|dürfte|sollte|müsste|angenommen|nur|statt',
  ),
  risks: words(
    'deploy\\p{L}*|veröffentlich\\p{L}*|ausroll\\p{L}*|rolle|push\\p{L}*|lösch\\p{L}*|send\\p{L}*|schick\\p{L}*|produktion\\p{L}*|produktiv\\p{L}*|merge\\p{L}*|ausliefer\\p{L}*',
  ),
  goesOn: begins(
    `(?:als nächstes|jetzt|nun|dann|danach|anschließend|im nächsten schritt|weiter:?),? (?:${DO}) ich`,
    `ich (?:${DO}) (?:jetzt|nun|als nächstes|gleich|sofort|direkt|mit schritt|mit dem|mit der)`,
    "(?:weiter(?: geht es| geht's)? mit|weiter zu)",
  ),
};
