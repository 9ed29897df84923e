import { begins, type Words, words } from './words.ts';

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
  addresses: words("vous|votre|vos|tu|te|toi|ton|ta|tes|veuillez|merci|s'il|svp|quelqu'un"),
  hedges: words(
    "si|sinon|sauf|ou|ne|pas|jamais|peut-être|pourraiL*|devraiL*|serait|sans|à moins|éventuellement|n'L+",
  ),
  risks: words(
    'déployL*|déploiL*|publiL*|supprimL*|effacL*|envoL*|pousseL*|production|fusionnL*|livrL*',
  ),
  goesOn: begins(
    "(?:ensuite|maintenant|à présent|puis),? je (?:vais|passe|continue|commence|poursuis|m'attaque|m'occupe|fais|mets)",
    "je (?:passe|continue|commence|poursuis|vais|m'attaque|m'occupe) (?:maintenant|à présent|ensuite|donc|avec|par|à|sur|maintenant à)",
    'je vais (?:maintenant|à présent|ensuite) ',
  ),
};
