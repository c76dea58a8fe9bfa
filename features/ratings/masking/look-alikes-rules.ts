/**
 * Letters of other scripts, and rare Latin ones, that look like a plain letter. From Unicode's confusables.txt (UTS #39, version
 * 13, Unicode licence): the Armenian, Cherokee, Coptic, Cyrillic, Greek, Latin and Lisu entries for a letter from a to z.
 */
const LOOKS_LIKE: Readonly<Record<string, string>> = {
  A: 'ΑАᎪꓮ',
  B: 'ꞴΒВᏴꓐ',
  C: 'ⲤСᏟꓚ',
  D: 'Ꭰꓓ',
  E: 'ΕЕᎬꓰ',
  F: 'ꞘϜꓝ',
  G: 'ԌᏀᏳꓖ',
  H: 'ΗⲎНᎻꓧ',
  I: 'ƖΙⲒІӀ',
  J: 'ꞲͿЈᎫꓙ',
  K: 'ΚⲔКᏦꓗ',
  L: 'ⳐᏞꓡ',
  M: 'ΜϺⲘМᎷꓟ',
  N: 'ΝⲚꓠ',
  O: 'ΟⲞОՕꓳ',
  P: 'ΡⲢРᏢꓑ',
  R: 'ƦᎡᏒꓣ',
  S: 'ЅՏᏕᏚꓢ',
  T: 'ΤⲦТᎢꓔ',
  U: 'Սꓴ',
  V: 'ѴᏙꓦ',
  W: 'ԜᎳᏔꓪ',
  X: 'ꞳΧⲬХꓫ',
  Y: 'ΥⲨУҮᎩᎽꓬ',
  Z: 'ΖᏃꓜ',
  a: 'ɑαа',
  b: 'ƄЬᏏ',
  c: 'ᴄⲥсꮯ',
  d: 'ԁᏧꓒ',
  e: 'ꬲеҽ',
  f: 'ꬵꞙẝք',
  g: 'ɡᶃƍց',
  h: 'һհᏂ',
  i: 'ıɪɩιіꙇӏꭵᎥ',
  j: 'ϳј',
  l: 'ǀꓲ',
  n: 'ոռ',
  o: 'ᴏᴑꬽοσⲟоօ',
  p: 'ρⲣр',
  q: 'ԛգզ',
  r: 'ꭇꭈᴦⲅгꮁ',
  s: 'ꜱƽѕꮪ',
  u: 'ꞟᴜꭎꭒʋυս',
  v: 'ᴠνѵꮩ',
  w: 'ɯᴡѡԝաꮃ',
  x: 'х',
  y: 'ɣᶌʏỿꭚγуү',
  z: 'ᴢꮓ',
}
const PLAIN = new Map(
  Object.entries(LOOKS_LIKE).flatMap(([plain, others]) => [...others].map((other) => [other, plain])),
)
const OTHERS = new RegExp(`[${[...PLAIN.keys()].join('')}]`, 'gu')

/** Replaces letters that look like plain ones by the plain letters. Marks stay. */
export const readLookAlikes = (shown: string): string =>
  /[\u0131\u0180-\uffff]/.test(shown)
    ? shown
        .normalize('NFD')
        .replace(OTHERS, (other) => PLAIN.get(other) ?? other)
        .normalize('NFC')
    : shown
