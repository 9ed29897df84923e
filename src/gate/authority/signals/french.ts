import { END, part, type Words, words } from './words.ts';

const NOW = part('(?:(?:ensuite|maintenant|à présent|puis),? )?');
const ALSO = part('(?:(?:maintenant|ensuite|à présent) )?');
const THING = part(
  "(?:l'étape [0-9]+|(?:le |la |les |l'|un |une |deuxième |troisième |second |premier )[^.;:,!?]+|□)",
);

export const FRENCH: Words = {
  asks: words(
    'voulez-vous|veux-tu|souhaitez-vous|souhaites-tu|dois-je|puis-je|dites-moi|dis-moi|préférez-vous|préfères-tu',
    "j'attends (?:votre|ton|ta|vos|tes|une|la|le)|merci de (?:confirmer|valider|vérifier|relire)|à (?:vous|toi) de",
  ),
  lacks: words(
    "il (?:me )?manque|il me faut|j'ai besoin (?:de|d)|je n'ai pas (?:accès|la|le|les|de)|pouvez-vous (?:fournir|préciser|partager)|peux-tu (?:fournir|préciser|partager)",
  ),
  blocked: words(
    "je suis bloquL*|je ne peux pas|impossible de|échoue|refuséL*|injoignable|inaccessible|je n'arrive pas|bloquéL* par",
  ),
  waits: words(
    "attendL*|dès que|lorsque|quand|jusqu'L*|après que|demain|plus tard|tout à l'heure|en arrière-plan|en cours d'exécution|prochaine session",
  ),
  finished: words(
    'tout(?:es)?(?: (?:les|est|sont|a|ont|été|L+)){0,5} (?:terminéL*|finiL*|faitL*|prêtL*|en place)',
    "c'est (?:fait|fini|terminé|bon|tout)|(?:la tâche|le travail|la migration|l'implémentation) est (?:terminéL*|finiL*|complet|complète)|rien (?:d'autre|de plus)|terminé\\W*$",
  ),
  progress: words('commit|validée?|terminéeL*|terminé|fait|faite|en place|prêts?|prêtes?|étape'),
  addresses: words("vous|votre|vos|tu|te|toi|ton|ta|tes|veuillez|merci|s'il|svp|quelqu'un"),
  hedges: words(
    "si|sinon|sauf|ou|ne|pas|jamais|peut-être|pourraiL*|devraiL*|serait|sans|à moins|éventuellement|pause|arrêtL*|m'arrêteL*|n'L+",
  ),
  risks: words(
    'déployL*|déploiL*|publiL*|supprimL*|effacL*|envoL*|pousseL*|production|fusionnL*|livrL*',
  ),
  rests: words('compte rendu|résumé|rapport|bilan|ticket|session|message|reste|suite'),
  goesOn: [
    [NOW, part("je (?:passe|m'attaque) "), ALSO, part('(?:à |aux? )'), THING, ...END],
    [NOW, part('je (?:continue|poursuis|commence) '), ALSO, part('(?:avec|par) '), THING, ...END],
    [
      NOW,
      part('je vais '),
      ALSO,
      part(
        '(?:écrire|ajouter|implémenter|migrer|créer|mettre à jour|corriger|tester|refactoriser) ',
      ),
      THING,
      ...END,
    ],
  ],
};
