/** Writes a number as people read it out: `1022`, `1900 545413`, `028 3829 7643`, `+84 24 3944 6699`. */
export function groupTelephone(number: string): string {
  if (/^\d{1,5}$/.test(number)) return number
  if (/^1[89]00\d{4,6}$/.test(number)) return `${number.slice(0, 4)} ${number.slice(4)}`
  const abroad = /^\+84(\d+)$/.exec(number)
  const local = abroad ? `0${abroad[1]}` : number
  const grouped = /^(02[48]|02\d\d|0[35789]\d\d)(\d{3,4}?)(\d{3,4})$/.exec(local)
  if (!grouped) return number
  const [, area = '', first = '', last = ''] = grouped
  return `${abroad ? `+84 ${area.slice(1)}` : area} ${first} ${last}`
}
