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
    "je suis bloqu\\p{L}*|je ne peux pas|impossible de|échoue|refusé\\p{L}*|injoignable|inaccessible|je n'arrive pas|bloqué\\p{L}* par",
  ),
  waits: words(
    "attend\\p{L}*|dès que|lorsque|quand|jusqu'\\p{L}*|après que|demain|plus tard|tout à l'heure|en arrière-plan|en cours d'exécution|prochaine session",
  ),
  finished: words(
    'tout(?:es)?(?: (?:les|est|sont|a|ont|été|\\p{L}+)){0,5} (?:terminé\\p{L}*|fini\\p{L}*|fait\\p{L}*|prêt\\p{L}*|en place)',
    "c'est (?:fait|fini|terminé|bon|tout)|(?:la tâche|le travail|la migration|l'implémentation) est (?:terminé\\p{L}*|fini\\p{L}*|complet|complète)|rien (?:d'autre|de plus)|terminé\\W*$",
  ),
  addresses: words("vous|votre|vos|tu|te|toi|ton|ta|tes|veuillez|merci|s'il|svp|quelqu'un"),
  hedges: words(
    "si|sinon|sauf|ou|ne|pas|jamais|peut-être|pourrai\\p{L}*|devrai\\p{L}*|serait|sans|à moins|éventuellement|n'\\p{L}+",
  ),
  risks: words(
    'déploy\\p{L}*|déploi\\p{L}*|publi\\p{L}*|supprim\\p{L}*|effac\\p{L}*|envo\\p{L}*|pousse\\p{L}*|production|fusionn\\p{L}*|livr\\p{L}*',
  ),
  goesOn: begins(
    "(?:ensuite|maintenant|à présent|puis),? je (?:vais|passe|continue|commence|poursuis|m'attaque|m'occupe|fais|mets)",
    "je (?:passe|continue|commence|poursuis|vais|m'attaque|m'occupe) (?:maintenant|à présent|ensuite|donc|avec|par|à|sur|maintenant à)",
    'je vais (?:maintenant|à présent|ensuite) ',
  ),
};
