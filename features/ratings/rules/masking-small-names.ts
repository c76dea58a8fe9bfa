/** Family names that are hardly ever another word, so that one in small letters is a name too. */
const FAMILY = new Set('nguyễn trần phạm huỳnh phan vũ võ đặng bùi ngô dương trịnh đoàn trương'.split(' '))

/** Middle names: with what follows they are part of a name. */
const MIDDLE = new Set('thị văn hữu đức ngọc thanh kim xuân quốc bảo gia như tuấn minh hoàng anh'.split(' '))

/** Given names in the form in which people type them in haste. Everyday words after a form of address are left out. */
const GIVEN = new Set(
  (
    'lan hương hằng hạnh hoa hồng huệ mai loan liên nga nhung oanh phượng quyên thảo thúy thuý trang trinh tuyết uyên vân ' +
    'yến diễm diệp dung duyên giang hiền thu thủy thuỷ vy trâm ngân nhi trúc ' +
    'tuấn hùng dũng cường hải hoàng khoa khang long minh nam nghĩa phong phúc quân quang sơn thành thắng thịnh tiến trung ' +
    'tùng việt vinh hà thanh bình duy khánh kiên lâm phát quốc tài thái thiện toàn trí tú'
  ).split(' '),
)

/** Pairs of words that begin like a name and are not one. */
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

/**
 * Returns the length of the name at the beginning of a text in small letters: a family name with the following names,
 * or known given names. 0 where there is none. It guesses only where other meanings are rare: the rest is masked by
 * hand.
 */
export function smallName(text: string): number {
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
  const begins = FAMILY.has(at(0)) ? adjoins(1) : GIVEN.has(at(0))
  if (!begins || WORDS.has(`${at(0)} ${at(1)}`)) return 0
  let length = 1
  while (length < MOST && adjoins(length) && continues(at(length), at(length + 1))) length++
  // A family name alone may be a slip: without a known name behind it, it counts as none.
  if (FAMILY.has(at(0)) && length === 1) return 0
  const last = words[length - 1]
  return last ? last.index + last[0].length : 0
}

const continues = (word: string, next: string): boolean =>
  !WORDS.has(`${word} ${next}`) && (GIVEN.has(word) || MIDDLE.has(word))
