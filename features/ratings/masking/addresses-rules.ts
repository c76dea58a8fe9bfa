import { foldDiacritics } from '#lib/text-normalization.ts'
import type { Found } from './rules.ts'

const BEGIN = String.raw`(?<![\p{L}\p{M}\p{Nd}/.-])`
const END = String.raw`(?![\p{L}\p{M}\p{Nd}])`
/** Returns a pattern for both cases. The `i` flag would also let a street's name begin with a small letter. */
const either = (words: string) => words.replace(/\p{Ll}/gu, (letter) => `[${letter}${letter.toUpperCase()}]`)

/** A house number: 12, 12A, 12/5/7B. */
const HOUSE = String.raw`\d{1,4}[A-Za-z]?\d?(?:\/\d{1,4}[A-Za-z]?\d?)*`
const SLASHED = String.raw`\d{1,4}[A-Za-z]?(?:\/\d{1,4}[A-Za-z]?\d?)+`
const TITLED = String.raw`\p{Lu}[\p{L}\p{M}]*`
const ROAD = String.raw`(?:(?:[Đđ]ường|[Dd]uong|[Pp]hố|[Hh]ẻm|[Hh]em|[Nn]gõ|[Nn]go|[Kk]iệt)[ ]+(?:số |so )?(?:${HOUSE}|${TITLED})(?:[ ]+(?:${TITLED}|\d{1,2}(?![\d/.])))*|${TITLED}(?:[ ]+(?:${TITLED}|\d{1,2}(?![\d/.])))+)`
const ROAD_MAYBE = `(?:[ ]*,?[ ]+${ROAD})?`
/** The parts of an address that may follow, down to the hamlet. The ward and larger areas are not masked. */
const HAMLET = String.raw`(?:[ ]*,?[ ]+(?:tổ|to|khu phố|kp|khu pho|ấp|ap)[ ]+\d{1,3}${END})*`

const PATTERNS: readonly RegExp[] = [
  // After a word for a home: nhà số 45 Lý Chính Thắng, số nhà 12/5, căn hộ B12-05.
  new RegExp(
    `${BEGIN}${either('(?:số nhà|so nha|nhà số|nha so)')}[ :]{1,2}(${HOUSE}${END}${ROAD_MAYBE}${HAMLET})`,
    'dgu',
  ),
  new RegExp(
    `${BEGIN}${either('(?:nhà|nha)(?: (?:tôi|toi|em|mình|cháu|cô tôi|ba tôi|mẹ tôi))?(?: (?:ở|o|tại))?')}[ ]+((?:[Ss]ố|[Ss]o)[ ]+${HOUSE}${END}${ROAD_MAYBE}${HAMLET})`,
    'dgu',
  ),
  new RegExp(
    `${BEGIN}${either('(?:căn hộ|can ho|căn|apartment|flat|unit)(?: (?:số|so|no))?')}[ ]+((?:[A-Za-z]\\d{0,2}[-./]?)?\\d{1,4}(?:[-./]\\d{1,3})*[A-Z]?|[A-Za-z]{1,2}[-.]?\\d{1,4}(?:[-./]\\d{1,3})*${END}(?:[ ]*,[ ]*${HOUSE}[ ]+${ROAD})?)`,
    'dgu',
  ),
  new RegExp(
    `${BEGIN}(${either('(?:lô|lo|block|phòng|phong|tầng|tang|căn|can)')}[ ]+(?=[\\p{L}]{0,2}\\d|[A-Z][ ,])[\\p{L}]?\\d{0,5}[\\p{L}]?[ ]*,?[ ]+${either('(?:chung cư|chung cu)')}(?:[ ]+${TITLED})*)`,
    'dgu',
  ),
  new RegExp(
    `${BEGIN}(?:chung cư|chung cu|c\\/c)[ ]+(${TITLED}(?:[ ]+(?:${TITLED}|\\d{1,2}))*[ ]*,?[ ]+(?:căn|can|lô|lo|block|tầng|phòng)[ ]+[\\p{Lu}]?\\d*(?:[-./]\\d+)*)`,
    'dgu',
  ),
  // A number and a street.
  new RegExp(`${BEGIN}((?:(?:số|so|Số|So)[ ]+)?${SLASHED}${END}[ ]*,?[ ]*${ROAD})`, 'dgu'),
  new RegExp(
    `${BEGIN}((?:[Ss]ố|[Ss]o)[ ]+${HOUSE}${END}[ ]*,?[ ]+(?:(?:tổ|ngõ|hẻm)[ ]+\\d{1,4}${END}|${ROAD})${HAMLET})`,
    'dgu',
  ),
  new RegExp(
    `${BEGIN}${either('(?:ở|o|tại|ngụ|trú|địa chỉ|địa chỉ của tôi|dia chi|về|ra|đến|tới|sống|live at|live in|lives at|living at|house is at|address is|house at|home at)')}[ :]{1,3}(?:số |so )?(${HOUSE}${END}[ ]*,?[ ]+${ROAD}${HAMLET}(?:[ ]+(?:Street|St|Road|Rd)${END})?)`,
    'dgu',
  ),
  // Alleys, hamlets, groups of houses.
  new RegExp(
    `${BEGIN}((?:[Hh]ẻm|[Hh]em|[Nn]gõ|[Nn]gách|[Kk]iệt|[Aa]lley)[ ]+(?:số |so )?${HOUSE}${END}${ROAD_MAYBE}${HAMLET})`,
    'dgu',
  ),
  new RegExp(
    `${BEGIN}((?:[Tt]ổ|[Tt]o)[ ]+(?:dân phố |nhân dân )?\\d{1,3}[ ]*,?[ ]+(?:khu phố|kp|khu pho|ấp|ap|tổ|thôn)[ ]+\\d{1,3}[A-Z]?)${END}`,
    'dgu',
  ),
  new RegExp(`(?<=(?:[Kk]hu phố|[Kk]p|[Ấấ]p)[ ]+\\d{1,2}[^.\\n]{1,40})${BEGIN}(tổ[ ]+\\d{1,3})${END}`, 'dgu'),
  new RegExp(`${BEGIN}((?:[Ấấ]p|[Aa]p)[ ]+\\d{1,2}[A-Z]?)${END}`, 'dgu'),
  new RegExp(`${BEGIN}([Ấấ]p[ ]+${TITLED}(?:[ ]+${TITLED})*)`, 'dgu'),
  // Without a street, after words that say where a person lives.
  new RegExp(
    `(?<=${BEGIN}(?:tôi|toi|em|mình|nhà|gia đình tôi|cháu|nha)[ ]+(?:trong |ở |o |nhà ở |tạm trú |thường trú |ngụ |tại )+)(${SLASHED})${END}`,
    'dgiu',
  ),
]

/** A public office, whose address everybody may read. */
const OFFICE =
  /(?<!\p{L})(?:trụ sở|ubnd|ủy ban|uỷ ban|văn phòng|bưu điện|chi cục|chi nhánh|trung tâm|bệnh viện|kho bạc|ngân hàng|cơ quan|đồn công an|công an|tòa án|toà án|sở [\p{L} ]{2,30}|office|hall|hospital|bank)(?:[ \t]+[\p{L}\p{Nd}]+){0,4}?[ \t]*,?[ \t]*(?:nằm |đặt |đóng )?(?:ở|tại|số|địa chỉ|trên|is at|at|,|\()?[ \t]*(?:số)?[ \t]*$/iu

const isOffice = (text: string, start: number) => OFFICE.test(text.slice(Math.max(0, start - 70), start))

/** Finds a person's address: house, flat, alley, hamlet, with the street. The ward and larger areas are not masked. */
export function addressesIn(text: string): Found[] {
  const found: Found[] = []
  for (const pattern of PATTERNS) {
    for (const match of text.matchAll(pattern)) {
      const [start, end] = match.indices?.[1] ?? [0, 0]
      if (end <= start || found.some((other) => other.start < end && start < other.end)) continue
      if (isOffice(text, start)) continue
      found.push({ start, end, kind: 'address' })
    }
  }
  return found
}

const words = (text: string): Set<string> => new Set(text.split(/\s+/))
const folded = (set: ReadonlySet<string>): Set<string> => new Set([...set].map(foldDiacritics))

/** Family names that rarely begin another phrase if the next word has a capital too. */
export const SURNAMES = words(
  'nguyễn trần lê phạm hoàng huỳnh phan vũ võ đặng bùi đỗ hồ ngô dương lý đinh trịnh đoàn mai tô trương lâm cao lưu ' +
    'tống quách phùng vương lại hà châu lương thái tạ đào kiều đàm triệu tăng nghiêm chu thạch diệp từ lục mạc hứa ' +
    'khổng tôn ông âu bạch cù doãn giáp hàn khương kha la lều lữ mã nhan ninh ong phí quan sầm sử thân thẩm tiêu ' +
    'trang trà ứng viên vi yên chế danh giàng hạng lầu lò mùa quàng sùng thào tráng vàng vừ',
)
/** The family names that come only before a given name. The others also begin many other phrases. */
export const STRONG = words(
  'nguyễn trần lê phạm hoàng huỳnh phan vũ võ đặng bùi đỗ ngô đinh trịnh trương phùng quách tống',
)
export const MIDDLES = words(
  'thị văn hữu đức ngọc thanh kim xuân quốc bảo gia như tuấn minh hoàng anh công đình quang thế trọng duy khánh hồng ' +
    'mỹ phương thu thùy thuỳ thúy bích cẩm diễm tuyết hải nhật trung thành tấn viết bá đăng phúc chí mạnh vĩnh tiến ' +
    'hoài thiên thảo trúc mộng bé tường kiều phước thái huyền lan vân nguyên hoàn trường đại tùng hoà hòa mai ái ánh ' +
    'băng bình cao châu đan đông hà hạnh hiếu hoa khắc kiến lệ linh long mộc nam nhã phú phụng quế quỳnh sỹ tâm tố ' +
    'trí tú tử uyên việt vũ ý yến trần lê nguyễn hoàng phạm phan huỳnh võ',
)
export const GIVENS = words(
  'an anh ánh ân ấn bách bảo bằng bích biên bình bông bé ca cảnh châu chi chiến chính chung chương chín cúc cường công dân ' +
    'danh diễm diệp diệu doanh dung duy duyên dũng dương đan đào đạo đạt đăng điền điệp định đoan đông đồng đức đực gấm ' +
    'gia giang giàu giáp hà hạ hải hảo hạnh hằng hậu hân hiền hiển hiệp hiếu hiệu hoa hoà hòa hoài hoan hoàn hoàng hoạt hồng ' +
    'hợp huân huấn huế huệ hùng huy huyền huỳnh hưng hương hường hữu kha khang khải khánh khiêm khoa khoan khôi khuê ' +
    'kiên kiệt kiều kim kỳ lam lan lành lâm lân lập lệ lễ liên liễu linh loan long lộc lợi luân lực lương lượng ly lý mai ' +
    'mạnh mẫn mận mến minh mơ mùi mỹ my nam nga ngà ngân nghi nghĩa nghiêm ngoan ngọc nguyên nguyệt nhàn nhã nhân nhật nhi nhiên ' +
    'nhung như nhựt ninh nương oanh phát phi phong phú phúc phụng phước phương phượng quân quang quế quốc quý quyên quyền ' +
    'quyết quỳnh sang sáng sáu sen sinh sơn sương tài tám tân tấn tâm thạch thái thanh thành thảo thạnh thắm thắng thi thiên thiện thiệu ' +
    'thịnh thoa thoại thông thơ thơm thu thuận thuật thúc thục thùy thuỳ thủy thuỷ thúy thuý thư thương thường tiên tiến tiền ' +
    'tín tình tính toàn toản tố tú tuân tuấn tuệ tùng tuyên tuyền tuyết tường tý trà trang trâm trân trí triết triều triệu ' +
    'trinh trọng trúc trung trực trường tư uyên uyển út vạn vân viên việt vinh vĩnh vũ vượng vy xinh xuân xuyến ý yên ' +
    'yến tèo tí thoan đờn hội hiên bửu lĩnh luận lụa nghị nhất nhẫn nhị ngữ phiên phấn quảng tiệp tịnh thể thức tuyến bắc',
)
export const SURNAMES_PLAIN = folded(SURNAMES)
export const MIDDLES_PLAIN = folded(MIDDLES)
export const GIVENS_PLAIN = folded(GIVENS)
export const STRONG_PLAIN = folded(STRONG)

/** Checks for a middle name which proves that the words around it are a name. */
export const isSureMiddle = (word: string): boolean => /^(?:thị|văn|thi|van)$/.test(word)

/** Family names that are everyday words without their marks. */
export const EVERYDAY_PLAIN = words(
  'do ho ly cao to mai lai ha la vu dang luu chu tu thai lam quan vi yen hoang che danh hang lau lo mua trang vang vu',
)
/** Pairs of words after such a family name that show that it is no name: đang thi công, do văn phòng. */
export const NO_MIDDLE_PLAIN = words(
  'van phong,van ban,van thu,van hoa,van con,van chua,van de,van bi,van khong,van phai,van cho,thi hanh,thi cong,thi truong,thi la,thi moi,thi phai,thi khong,thi se,thi tot'
    .split(',')
    .map((pair) => pair.replace(' ', '_'))
    .join(' '),
)

const phrases = (text: string) => new Set(text.split(',').map((phrase) => foldDiacritics(phrase.trim())))

/** Streets, wards and places named after people or beginning like a name, without marks. */
export const PLACE_NAMES = phrases(
  'hồ chí minh,nguyễn huệ,lê lợi,lê duẩn,nguyễn trãi,trần hưng đạo,võ văn tần,lý tự trọng,nguyễn thị minh khai,nguyễn văn cừ,' +
    'phan đăng lưu,lê văn sỹ,hoàng văn thụ,trường chinh,nguyễn đình chiểu,nguyễn thái học,phạm ngũ lão,nguyễn cư trinh,' +
    'nguyễn thái bình,võ thị sáu,lê thánh tôn,lê quý đôn,trần quốc thảo,trần quốc toản,nguyễn tri phương,võ văn kiệt,' +
    'phạm văn đồng,nguyễn hữu cảnh,nguyễn hữu thọ,nguyễn văn linh,lê văn việt,võ nguyên giáp,phan xích long,lý thường kiệt,' +
    'lý chính thắng,hoàng sa,trần quang khải,trần não,trần phú,lê hồng phong,hồng bàng,lê đại hành,nguyễn oanh,' +
    'nguyễn kiệm,nguyễn văn trỗi,nguyễn văn lượng,phan văn trị,phan huy ích,lê đức thọ,quang trung,phạm thế hiển,dương bá trạc,' +
    'lê văn lương,huỳnh tấn phát,nguyễn thị thập,nguyễn tất thành,hoàng diệu,tôn đản,tôn đức thắng,đinh tiên hoàng,' +
    'đinh bộ lĩnh,bùi viện,bùi hữu nghĩa,bùi đình túy,ngô gia tự,ngô quyền,ngô tất tố,trương định,nguyễn thông,lê quang định,' +
    'hồ con rùa,hồ bán nguyệt,hồ kỳ hòa,hồ tràm,thái lan,hà nội,hà tĩnh,hà giang,hà nam,lâm đồng,lý sơn,châu đốc,châu á,châu âu,' +
    'đoàn thanh niên,đoàn kiểm tra,đoàn thể,đoàn công tác,cao bằng,cao đẳng,cao học,cao lãnh,lê thị riêng,lê lai,lê thị hồng gấm street,' +
    'võ văn ngân,đặng văn bi,tô hiến thành,tô ký,mai chí thọ,đồng văn cống,nguyễn duy trinh,nguyễn xiển,hoàng hữu nam,phan bội châu,' +
    'phan chu trinh,phan châu trinh,trương vĩnh ký,phan đình phùng,trần cao vân,trần bình trọng,trần hữu trang,an lạc,tân tạo,hoàng thành,phan thiết,phan rang,la mã,đào hữu cảnh,vũ trụ,từ dũ,' +
    'mã lai,hàn quốc,tây ninh,ninh thuận,ninh bình,thái bình,thái nguyên,yên bái,quan công,thân thiện,trang web,trang phục,viên chức,' +
    'quách thị trang,âu cơ,lạc long quân,kha vạn cân,trà vinh,vĩnh long,trang bị,yên tâm,yên tĩnh,vương quốc,kim biên',
)

/** Abbreviations of offices, papers and things. */
export const ABBREVIATIONS = words(
  'CA CAP CQ CT CB CC CV CN DN GV HS HC KT KD LĐ LS MTTQ NN NV PCT PGD PGĐ GĐ QL SV TP TT TK TTHC TTHCC TNHH UBND VP XD CSKV CSGT ' +
    'CCCD CMND BHYT BHXH HĐND PCCC BS CTV KCN THPT THCS ĐH CĐ VN HCM TPHCM SG HN ĐN NLĐ HKD XHCN PC QĐ TV CNTT MST CK TM AI VIP',
)
