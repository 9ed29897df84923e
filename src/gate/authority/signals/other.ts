import type { Words } from './words.ts';

/**
 * Languages whose questions, needs and ends are known, and in which nothing is ever taken for going on: Chinese,
 * Japanese, Korean, Portuguese, Italian, Dutch, Polish, Russian.
 */
export const OTHERS: Words = {
  asks: /でしょうか|ますか|ください|いただけ|お願い|ご確認|要我|是否|吗|请确认|請確認|请(?:您|你)|할까요|주세요|습니까|quer que|devo continuar|posso continuar|vuoi che|devo procedere|wil je|zal ik|czy mam|продолжать\s*ли|подтвердите|хотите/,
  lacks:
    /ありません(?:ので|。)|不足して|必要です|缺少|没有(?:权限|提供|找到)|需要(?:您|你|更多)|faltam?|preciso d|mi manca|mi serve|mis ik|brakuje|не хватает|нужн/,
  blocked:
    /できません|エラー|失敗|無法|无法|失败|错误|被拒绝|실패|할 수 없|bloquead|não consigo|bloccat|non riesco|geblokkeerd|kan niet|nie mogę|не могу|ошибк|не удалось/,
  waits: /待って|待ち|等待|稍后|之后再|기다|aguard|attend|in attesa|wacht|czekam|жду|ожида/,
  finished:
    /完了しました|完成しました|終わりました|已完成|全部完成|都已|완료|concluíd|terminad|pront[oa]|completat|finit|klaar|gotowe|zakończ|готов|завершен/,
};
