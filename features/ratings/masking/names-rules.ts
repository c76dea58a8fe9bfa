import { foldDiacritics } from '#lib/text-normalization.ts'
import { ABBREVIATIONS, GIVENS, MIDDLES, SURNAMES } from './addresses-rules.ts'
import type { Found } from './rules.ts'

/** Forms of address and office titles, after which a name may follow. Of two with the same beginning, the longer comes first. */
const ADDRESS =
  'bác sĩ|cô giáo|thầy giáo|anh|chị|ông|bà|cô|chú|bác|em|thầy|bạn|dì|cậu|mợ|thím|cháu|mr\\.?|mrs\\.?|ms\\.?|đồng chí|đ/c|họ và tên|họ tên|tên là|tên|tôi là|cán bộ|công chức|viên chức|nhân viên|chuyên viên|bảo vệ|công an|giám đốc|chủ tịch|trưởng phòng|phó phòng|trưởng ban|tổ trưởng'
/** The duties of a person, which may come between the office and the name. */
const DUTY =
  'tiếp nhận|tiếp dân|trả kết quả|một cửa|hộ tịch|tư pháp|địa chính|xây dựng|văn thư|thu ngân|kế toán|phụ trách|quầy(?: số)? \\p{Nd}{1,3}'
const ADDRESSED = new RegExp(
  `(?<![\\p{L}\\p{M}\\p{Nd}])(${ADDRESS})((?:[ \\t]+(?:(?:-|–|và)[ \\t]+)?(?:${DUTY}))*)(?:[ \\t]*:)?[ \\t]+`,
  'giu',
)
const WORD = /^\p{Lu}[\p{L}\p{M}'’]*/u
const WORDS_MOST = 5
/** Family names. In all capitals a name has up to four words if it begins with one of these, otherwise two. */
const FAMILY = new Set(
  'nguyễn trần lê phạm hoàng huỳnh phan vũ võ đặng bùi đỗ hồ ngô dương lý đinh trịnh đoàn mai tô trương lâm cao lưu tống quách phùng vương lại'.split(
    ' ',
  ),
)
/** Middle names that are rarely anything else. */
const MIDDLE = new Set(['thị', 'văn'])

/** Words that begin no name. Names by birth order (Hai, Ba, Tư) and middle names (Thị, Văn) are not in the list. */
const NO_NAME = new Set(
  (
    'ấy ta này kia nào đó ơi à ạ con là và với có đã đang sẽ rất quá cũng thì mà nói làm bảo hỏi cho để ở tại ' +
    'trong ngoài của nên vì do bị được phải đi đến về ra vào tôi tui mình chúng các những mọi một rồi xong lại ' +
    'còn khi nếu nhưng theo trên dưới người dân nhiệt tận hướng giải trả nhận xin cảm cám sao gì đâu ai thế vậy thật ' +
    'hơi hết lúc hôm ngày số quận phường xã huyện sở ubnd hđnd tp tphcm phòng quầy bộ ban tỉnh ủy uỷ nhà ý sĩ ' +
    'vneid zalo facebook việc nhanh chậm tốt kém'
  ).split(' '),
)
/** Words of `NO_NAME` that are names after a family name, or where not everything is in capitals. */
const NAMES_TOO = new Set(['bảo', 'thế', 'sao', 'ý', 'sĩ'])
/** Words of `NO_NAME` that are names after nothing but a form of address: “ông Tốt”, while “Nhân viên: Tốt” is praise. */
const GIVEN_TOO = new Set(['tốt', 'được', 'nên', 'hết', 'rồi', 'còn', 'tận', 'hướng', 'nhanh'])
/** Forms of address for another person. Em, bạn and cháu are left out, as they often mean the writer or the reader. */
const OTHERS = new Set(['anh', 'chị', 'ông', 'bà', 'cô', 'chú', 'bác', 'thầy', 'dì', 'cậu', 'mợ', 'thím'])
/** Never masked as a name: without a negation the sentence says the opposite. */
const NEGATIONS = new Set(['không', 'chưa', 'chẳng', 'đừng'])
/** Pairs of words that are no name although one of them alone may be. */
const NO_NAMES = new Set([
  ...[
    'công an',
    'thành phố',
    'bảo vệ',
    'tiếp nhận',
    'tiếp dân',
    'tư pháp',
    'hộ tịch',
    'địa chính',
    'một cửa',
  ],
  ...['hành chính', 'trung tâm', 'văn phòng', 'chi cục', 'chi nhánh', 'thu ngân', 'lãnh đạo', 'nhân viên'],
  ...[
    'cán bộ',
    'chủ tịch',
    'phó chủ',
    'giám đốc',
    'trưởng phòng',
    'kế toán',
    'y tế',
    'giáo dục',
    'giao thông',
  ],
  ...['xây dựng', 'tài nguyên', 'hải quan', 'tổ trưởng', 'khu phố', 'lễ tân', 'việt nam', 'sài gòn'],
  ...[
    'hội đồng',
    'quốc hội',
    'thường trực',
    'mặt trận',
    'kinh tế',
    'tổ chức',
    'tổ công',
    'bưu điện',
    'đa khoa',
  ],
  ...['tốt bụng', 'tốt tính', 'tốt nghiệp', 'tốt lắm', 'tốt quá', 'nhanh nhẹn', 'nhanh chóng', 'nhanh lắm'],
  ...['nhanh quá', 'được việc', 'hướng dẫn', 'tận tình', 'tận tâm', 'tận tụy'],
  ...['hồ sơ', 'dịch vụ', 'giấy tờ', 'bảo hiểm', 'bảo trợ', 'bảo tàng', 'thế giới', 'ý kiến', 'ý thức'],
])
/** Pairs that are names after a person's form of address, if both words have a capital: Chị Thu Ngân. */
const NAMES_AFTER_ALL = new Set(['thu ngân', 'văn thư', 'việt nam', 'quốc hội', 'tài nguyên'])
const PERSON = /^(?:anh|chị|ông|bà|cô|chú|bác|em|thầy|bạn|dì|cậu|mợ|thím|cháu|mr\.?|mrs\.?|ms\.?)$/iu
/** Duties that are names after a person's form of address. */
const DUTY_NAME = /^[ \t]+(?=(?:Thu Ngân|Văn Thư)(?![\p{L}\p{M}]))/u
/** Places and phrases that begin like a form of address. */
const PLACES = new Set([
  ...[
    'bà rịa',
    'bà triệu',
    'bà điểm',
    'bà chiểu',
    'bà hom',
    'bà hạt',
    'bà huyện thanh quan',
    'ông tạ',
    'ông lãnh',
  ],
  ...['ông ích khiêm', 'bác hồ', 'bác ái', 'anh văn'],
])
const PLACE_BEFORE = /(?:đường|phường|chợ|cầu|hẻm|phố|xã|trường|chùa|ngã tư|ngã ba)[ \t]+$/iu

const isKnownName = (word: string): boolean => GIVENS.has(word) || MIDDLES.has(word) || SURNAMES.has(word)
const isForm = new RegExp(`^(?:${ADDRESS})$`, 'iu')
const lower = (text: string): string => text.toLowerCase()
const isCapitals = (text: string): boolean => text.length > 1 && text === text.toUpperCase()

/** Finds names after a form of address: capitalised words, or known names in small letters. */
export function namesIn(text: string): Found[] {
  const found: Found[] = []
  let from = 0
  for (const { 0: match, 1: form = '', 2: duty = '', index } of text.matchAll(ADDRESSED)) {
    const person = PERSON.test(form)
    const [space] = (person && DUTY_NAME.exec(duty)) || []
    const start = index + (space === undefined ? match.length : form.length + space.length)
    if (start < from) continue
    const calls = OTHERS.has(lower(match.trim()))
    const name =
      nameAt(text, start, {
        capitals: isCapitals(form),
        onDuty: duty !== '' && space === undefined,
        person,
        calls,
      }) || text.slice(start, start + smallName(text.slice(start, start + 60)))
    if (name === '' || isPlace(text, index, form, name)) continue
    from = start + name.length
    found.push({ start, end: from, kind: 'name' })
  }
  return found
}

interface Before {
  readonly capitals: boolean
  /** True when a duty is named between the form of address and the name. */
  readonly onDuty: boolean
  /** True when the form of address is a person's, not an office's. */
  readonly person: boolean
  /** True when only a form of address for another person ({@link OTHERS}) comes before the name. */
  readonly calls: boolean
}

function nameAt(text: string, start: number, { capitals, onDuty, person, calls }: Before): string {
  let end = start
  let most = WORDS_MOST
  let sure = false
  for (let words = 0, at = start; words < most; words++) {
    const [word] = WORD.exec(text.slice(at, at + 40)) ?? []
    // Lan Anh and Thị Em are names. Any other form of address within a name belongs to the next name.
    if (word === undefined || (isForm.test(word) && (words === 0 || !/^(?:Anh|Em)$/.test(word)))) break
    if (ABBREVIATIONS.has(word)) break
    const loud = capitals && word === word.toUpperCase()
    const family = FAMILY.has(lower(word))
    // In a text all in capitals, the sentence continues after an office as if it were a name.
    if (words === 0 && loud && onDuty && !family) break
    if (loud && word.length > 1 && !isKnownName(lower(word))) break
    const [, next = ''] =
      /^[ \t]+([\p{L}\p{M}]+)/u.exec(text.slice(at + word.length, at + word.length + 40)) ?? []
    const afterAll =
      person && !loud && /^\p{Lu}/u.test(next) && NAMES_AFTER_ALL.has(`${lower(word)} ${lower(next)}`)
    const alone = words === 0 && !isCapitals(word) && !/^\p{Lu}/u.test(next)
    if (!afterAll && endsName(lower(word), lower(next), { sure, loud, called: calls && alone })) break
    if (words === 0 && capitals && isCapitals(word)) most = family ? 4 : 2
    sure ||= family || MIDDLE.has(lower(word))
    end = at + word.length
    if (!/^[ -]$/.test(text[end] ?? '')) break
    at = end + 1
  }
  return text.slice(start, end)
}

/** `sure`: after a family or middle name. `loud`: all in capitals. `called`: only this word, after a form of address. */
interface Surroundings {
  readonly sure: boolean
  readonly loud: boolean
  readonly called: boolean
}

/** Checks whether a name ends before a word: after a family name a capital continues it, unless everything is in capitals. */
function endsName(word: string, next: string, { sure, loud, called }: Surroundings): boolean {
  if (NEGATIONS.has(word)) return true
  if (!loud && (sure || (FAMILY.has(word) && MIDDLE.has(next)))) return false
  const isName = (NAMES_TOO.has(word) && (sure || !loud)) || (called && GIVEN_TOO.has(word))
  return NO_NAMES.has(`${word} ${next}`) || (NO_NAME.has(word) && !isName)
}

function isPlace(text: string, index: number, form: string, name: string): boolean {
  if (form === lower(form)) return false
  return PLACES.has(lower(`${form} ${name}`)) || PLACE_BEFORE.test(text.slice(Math.max(0, index - 12), index))
}

/** Family names that are rarely another word, so that they begin a name in small letters too. */
const SMALL_FAMILY = new Set(
  'nguyễn trần phạm huỳnh phan vũ võ đặng bùi ngô dương trịnh đoàn trương'.split(' '),
)

/** Middle names that may continue a name in small letters. */
const SMALL_MIDDLE = new Set(
  'thị văn hữu đức ngọc thanh kim xuân quốc bảo gia như tuấn minh hoàng anh'.split(' '),
)

/** Given names as people type them in haste. Words that are common after a form of address are left out. */
const GIVEN = new Set(
  (
    'lan hương hằng hạnh hoa hồng huệ mai loan liên nga nhung oanh phượng quyên thảo thúy thuý trang trinh tuyết uyên vân ' +
    'yến diễm diệp dung duyên giang hiền thu thủy thuỷ vy trâm ngân nhi trúc ' +
    'tuấn hùng dũng cường hải hoàng khoa khang long minh nam nghĩa phong phúc quân quang sơn thành thắng thịnh tiến trung ' +
    'tùng việt vinh hà thanh bình duy khánh kiên lâm phát quốc tài thái thiện toàn trí tú'
  ).split(' '),
)

/** Pairs of words that begin like a name but are none. */
const WORDS = new Set(
  (
    'bình thường,bình tĩnh,thành thật,thành thạo,thành phố,thành công,hoa mắt,trung thực,trung tâm,tiến hành,tiến bộ,' +
    'minh bạch,minh mẫn,hải quan,quân đội,quân sự,thắng thắn,nam giới,phong cách,phong bì,trang web,trang phục,trang trọng,' +
    'nghĩa là,hùng hổ,cường độ,liên hệ,liên lạc,liên tục,liên quan,vân tay,thảo luận,phúc đáp,hằng ngày,hạnh phúc,' +
    'vinh dự,quang cảnh,long trọng,dũng cảm,thịnh hành,việt nam,sơn nhà,duy nhất,duy trì,khánh thành,kiên nhẫn,kiên trì,' +
    'kiên quyết,phát hiện,phát biểu,phát giấy,phát số,quốc tế,quốc gia,tài liệu,tài chính,tài giỏi,thái độ,thiện chí,thiện cảm,' +
    'toàn bộ,toàn tâm,trí nhớ,tú tài,thu tiền,thu phí,thu hồ,thu giấy,thu lệ,thủy sản,dung hòa,hiền lành,hiền hậu,hiền từ,' +
    'hà nội,hà khắc,thanh toán,thanh tra,thanh lịch,thanh niên,thanh lý,giang hồ,ngân hàng,ngân sách,mai mốt,hồng hào,long lanh,hoàng thành'
  ).split(','),
)
const MOST = 4

/** Returns the length in characters of a name in small letters; 0 if there is none. It guesses only where it is rarely wrong. */
function smallName(text: string): number {
  const words = [...text.matchAll(/[\p{Ll}\p{M}]+/gu)]
  const at = (index: number): string => words[index]?.[0] ?? ''
  const adjoins = (index: number): boolean => {
    const [before, next] = [words[index - 1], words[index]]
    return (
      before !== undefined &&
      next !== undefined &&
      text.slice(before.index + before[0].length, next.index) === ' '
    )
  }
  if (words[0]?.index !== 0) return 0
  const begins = SMALL_FAMILY.has(at(0)) ? adjoins(1) : GIVEN.has(at(0))
  if (!begins || WORDS.has(`${at(0)} ${at(1)}`)) return 0
  let length = 1
  while (length < MOST && adjoins(length) && continues(at(length), at(length + 1))) length++
  // A family name alone may be a slip, so it counts only with a known name after it.
  if (SMALL_FAMILY.has(at(0)) && length === 1) return 0
  const last = words[length - 1]
  return last ? last.index + last[0].length : 0
}

const continues = (word: string, next: string): boolean =>
  !WORDS.has(`${word} ${next}`) && (GIVEN.has(word) || SMALL_MIDDLE.has(word))

type Casing = 'lower' | 'title' | 'upper' | 'other'

export interface Word {
  readonly start: number
  readonly end: number
  readonly lower: string
  /** The word in small letters without diacritics. */
  readonly plain: string
  readonly casing: Casing
  /** True when only up to three spaces, or a dash, separate it from the word before. */
  readonly joined: boolean
}

const ANY_WORD = /[\p{L}\p{M}][\p{L}\p{M}'’]*/gu

function casingOf(word: string): Casing {
  if (word === word.toLowerCase()) return 'lower'
  if (word === word.toUpperCase()) return word.length === 1 ? 'title' : 'upper'
  // O'Rourke is capitalised as Rourke is.
  return /^(?:\p{Lu}['’])?\p{Lu}[\p{Ll}\p{M}'’]*$/u.test(word) ? 'title' : 'other'
}

export function wordsOf(text: string): Word[] {
  const words: Word[] = []
  let before = -1
  for (const { 0: word, index } of text.matchAll(ANY_WORD)) {
    const lower = word.toLowerCase()
    const gap = before < 0 ? '' : text.slice(before, index)
    words.push({
      start: index,
      end: index + word.length,
      lower,
      plain: foldDiacritics(lower),
      casing: casingOf(word),
      joined: before >= 0 && /^(?:[ \t\u00a0]{1,3}|-)$/.test(gap),
    })
    before = index + word.length
  }
  return words
}

/** Returns up to `most` joined words of the same casing, from one word on. */
export function runFrom(words: readonly Word[], at: number, most: number): Word[] {
  const first = words[at]
  if (first === undefined) return []
  const run = [first]
  for (let next = at + 1; run.length < most; next++) {
    const word = words[next]
    if (word === undefined || !word.joined) break
    const alike = word.casing === first.casing || (first.casing === 'upper' && word.plain.length === 1)
    if (!alike) break
    run.push(word)
  }
  return run
}
