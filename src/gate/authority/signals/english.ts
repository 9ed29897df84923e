import { END, part, type Words, words } from './words.ts';

/** What an agent can do by itself in the working tree, with a thing that it names. */
const DO = [
  '(?:begin|continue|proceed|start|go on) (?:with|on)|move on to|begin|start|set up|work on',
  'add|apply|build|convert|create|extend|extract|fix|generate|implement|integrate|introduce|migrate|port|refactor|remove',
  'rename|replace|restructure|rewrite|run|split|tackle|test|update|upgrade|wire|write',
].join('|');

const COUNT =
  '(?:first|second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth|next|last|remaining|other|one|two|three|four|five|[0-9]+)';

/** `step 3`, `phase two`, `section 4 of that plan`. */
const STEP = `(?:step|task|item|phase|section|milestone|part|chapter|stage) #?(?:[0-9]+(?:\\.[0-9]+)*|${COUNT})(?: of (?:the|that|this) L+)?`;

/** A thing in so few words that no verb fits in behind it. */
const THING = part(
  STEP,
  `(?:the|its|their|all) (?:${COUNT} )?(?!${COUNT}[.:, ])(?:□|L+(?:[-/]L+)*)(?: □| half| part| layer| module| tests?)?`,
  `(?:the|its|their|both|all) ${COUNT}`,
  '□',
);

/** A thing after a verb that says what is done with it. Where it goes on, it is with another of these verbs. */
const DETERMINER = '(?:the|a|an|its|their|both|all|each|these|those)';
const OTHER_CLAUSE =
  ' (?:and|but|then|so|because|while|which|who|that|after|before|at|by|on|past|during|via|provided|first thing) ';
const OBJECT = part(
  STEP,
  '□',
  `${DETERMINER}(?:(?!${OTHER_CLAUSE})[^.;:,!?]| and (?:(?:${DO}) )?(?:${DETERMINER}|□))+`,
);

/** What is written or taken when the work rests, and what idioms are made of. */
const RESTS =
  'the rest|notes?|summary|recap|report|hand-?over|ticket|status|message|letter|feedback|opportunity|chance|time|lead|day|limits?|waters|patience|project|break|blame|credit|person|session|retrospective|invoice|budget|calendar|meeting|clock|case|call|description|shift|work|(?<!of (?:the|that|this) )plan';

const FIRST = part('(?:(?:ok|okay|good|great|now|next|then|so|and|with that(?: done)?),?:? )*');
const I_WILL = part("(?:i'll|i will|i(?:'m| am)(?: now)? going to|let me) ");
const EVEN = part('(?:(?:now|then|also|next|first|immediately|go ahead and) )*');

export const ENGLISH: Words = {
  asks: words(
    'let me know (?:how|which|what|when|whether|if)',
    'would you (?:like|prefer)',
    'do you want',
    '(?:shall|should) (?:i|we)',
    'ready when you are|say the word|your call|up to you|over to you',
    '(?:await|awaiting|waiting for|need|want|like|get|pending) (?:your|an?|the|explicit)? ?(?:approval|go-ahead|confirmation|decision|feedback|input|sign-?off|review|answer|permission)',
    '(?:please|kindly) (?:review|confirm|approve|decide|choose|advise|check|tell|take a look)',
    '(?:once|when|after|until|unless|as soon as) you (?:confirm|approve|decide|answer|reply|review|say|have|agree|choose|tell)',
    'which (?:option|one|approach|way) (?:do|would|works|should)',
  ),
  lacks: words(
    "i(?:'m| am) missing|i lack",
    "(?:don't|do not) have (?:access|the|any|enough|permission)",
    "which i (?:don't|do not) have|i (?:don't|do not) have\\W*$",
    'need(?:ed)? (?:more|further|additional) (?:information|details?|context)',
    'i (?:still )?need (?:to know|(?:the|an?|your|that) [^.;]{0,60}(?:to (?:continue|proceed|go on)|url|key|token|password|credentials?|id|decided|answer))',
    "(?:doesn't|does not|don't) (?:say|specify|mention|tell)",
    "(?:isn't|is not|wasn't|not) (?:specified|provided|given|documented)",
    "(?:couldn't|could not|can't|cannot) find (?:an?|any|the) (?:file|document|folder|spec|ticket)",
    'seems? to (?:have been|be) cut off',
    '(?:could|can) you (?:please )?(?:share|provide|send|give|paste|upload|attach|tell|clarify|point)',
    'please (?:provide|share|send|add|paste|attach|upload|supply|set|tell me)',
    'did you have in mind',
  ),
  blocked: words(
    "(?:i'm|i am|we're|we are|is|am|remains?) (?:completely |now |currently )?(?:blocked|stuck)",
    "(?:can't|cannot|can not|couldn't|could not|unable to|not able to) (?:L+ )?(?:proceed|continue|go|get|move|install|start|reach|access|connect|resolve|fix|reproduce|make|run|complete|build|be)",
    'api error|enospc|eacces|no space left|permission denied|access denied|connection refused|out of memory',
    'rate[- ]limit(?:ed)?|quota exceeded|usage limit|session limit|overloaded',
    'was (?:rejected|denied|refused|interrupted|aborted|cancell?ed)',
    '(?:still )?fails? with|keeps? failing|still fail(?:s|ing)|gave up|giving up',
    '(?:stopping|stop|stopped|pausing|leave it|leaving it) here',
    'leaving (?:it|this|that) (?:for|to)',
  ),
  waits: words(
    'wait(?:s|ing)?|await(?:s|ing)?|pending|stand(?:ing)? by',
    'until|as soon as|once|when(?:ever)?|after (?:the|that|this|ci|it|lunch|review)',
    'check back|come back|report back|get back|pick (?:it|this) up|resume',
    'in the background|is (?:still )?running|are (?:still )?running|still in progress|will notify|notified',
    'tomorrow|tonight|later|another day|monday|tuesday|wednesday|thursday|friday|next week',
    '(?:next|new|another|fresh|separate|future|follow-?up) (?:session|conversation|time|day|week|sprint|turn|message|response|pr|pull request|ticket|issue|release)',
    'monitor(?:ing)?|keep an eye|watch(?:ing)? for',
    'hand(?:ing)? (?:it |this )?(?:off|over|back)',
  ),
  finished: words(
    '(?:everything|all)(?: of)?(?: (?:it|them|this|that|the|its|[0-9]+|L+)){0,5} (?:is|are|have been|has been|were|was)(?: now| all| fully)? (?:done|complete|completed|finished|in place|implemented|resolved|merged|addressed|ready|checked)',
    'all (?:done|set)|all (?:L+ )?(?:steps|tasks|items|phases|points|todos) (?:done|complete|completed|finished)',
    '(?:the |this |whole |your |entire )?(?:task|work|feature|implementation|migration|plan|refactor|refactoring|project|request|issue|ticket|job|pr|branch|change|fix) (?:is|are|has been|is now) (?:now |fully |all |therefore )?(?:done|complete|completed|finished|ready|fixed|in place)',
    "(?:that's|that is|this is|it's|it is) (?:it|all|everything|done|complete|finished)",
    'nothing (?:else|more|further|left|remains)|no (?:further|more|remaining|open) (?:work|steps?|changes|tasks?|items?|action)',
    "(?:i'm|i am|we're|we are) (?:all |now )?(?:done|finished|through)",
    'ready (?:for review|to merge|to be merged|to ship)|wrapp(?:ed|ing) (?:it |this |things )?up',
    'both (?:L+ )?(?:are|were|have been) (?:now )?(?:done|complete|completed|finished)',
  ),
  progress: words(
    'commit(?:s|ted)?|done|finished|complete[d]?|landed|pushed|merged|converted|migrated|upgraded|updated|moved|removed|replaced|extracted|renamed|fixed|added|covers?|pass(?:es|ed|ing)?|green|works?|(?:is|are) (?:in|through|in place|ready)|pinned|step|batch',
  ),
  addresses: words(
    "you|your|yours|yourself|y'all|you'd|you're|you've|you'll|please|pls|kindly|let me know|thanks|feel free",
    'the (?:user|person|maintainer|reviewer|owner|customer) (?:asked|wants?|wanted|said|told|has to|must|needs?|should|prefers?|requested|decided)',
    'someone|somebody|anyone',
  ),
  hedges: words(
    "if|unless|otherwise|assuming|whether|provided|would|could|might|may|maybe|perhaps|possibly|probably|should|i'd|we'd",
    "not|never|no longer|cannot|L+n't|without|instead of|rather than|or",
    "stop(?:s|ped|ping)?|halt|paus(?:e|ed|ing)|quit|call it|that(?:'s| is) (?:all|it)|wrap(?:ping)? up|sign(?:ing)? off|conclude|rest(?:ing)? here|step(?:ping)? back",
    'from now on|going forward|in (?:the )?future|some ?day|soon|eventually|at some point|on request|in due course|in (?:version|v|release|phase) ?[0-9]+|(?:another|second) (?:pass|round|time)',
    'agents?|orchestrator|team|maintainers?|backlog|colleagues?|reviewers?|somebody|other (?:pane|session|tab)',
    '(?:permitting|allowing|depending|skip(?:s|ping)?)',
    'pretend|imagine|suppose|hypothetical(?:ly)?|example|e\\.g|quote|quoted|said|says|wrote',
  ),
  risks: words(
    'deploy(?:s|ing|ment)?|publish(?:ing)?|releas(?:e|ing)|push(?:ing)?|force-push|merge|merging',
    'delet(?:e|ing)|wip(?:e|ing)|eras(?:e|ing)|purg(?:e|ing)|drop(?:ping)? (?:the )?(?:\\S+ )?(?:table|column|database|schema|index)|truncat(?:e|ing)|rm -rf|reset --hard',
    'send(?:ing)?|e-?mail(?:ing)?|post(?:ing)? (?:to|it|this)|notify(?:ing)?|invit(?:e|ing)|pay|charg(?:e|ing)|buy|order(?:ing)? (?:a|the)',
    'production|prod|live (?:system|server|database|environment)|customers?|rotat(?:e|ing)|revok(?:e|ing)|credentials?|secrets?',
  ),
  rests: words(RESTS),
  goesOn: [
    [FIRST, I_WILL, EVEN, part(`(?:${DO}) `), OBJECT, ...END],
    [FIRST, I_WILL, EVEN, part('take (?:on )?'), part(STEP, `the ${COUNT}(?: one)?`), ...END],
    [FIRST, I_WILL, EVEN, part('make (?:it|the (?:new |failing )?tests?) pass'), ...END],
    [
      FIRST,
      part("(?:i'm |i am )?(?:now )?"),
      part(
        '(?:moving on to|continuing with|proceeding with|starting (?:on|with)|going on with|on to) ',
      ),
      THING,
      ...END,
    ],
  ],
};
