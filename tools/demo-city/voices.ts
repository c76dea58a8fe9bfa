import type { SuggestionState } from '#features/questionnaires/suggestions/rules.ts'

/** Free comments by satisfaction. Nothing in them identifies a person. */
export const COMMENTS = {
  good: [
    'Nhân viên hướng dẫn rõ, tôi nộp một lần là xong.',
    'Có kết quả sớm hơn ngày hẹn hai ngày.',
    'Lấy số trên mạng nên không phải chờ lâu.',
    'Quầy tiếp nhận gọn gàng, có ghế cho người lớn tuổi.',
    'Tin nhắn báo kết quả rất tiện, không phải gọi hỏi.',
    'Thủ tục nhanh hơn năm ngoái nhiều.',
    'Người ở quầy kiên nhẫn giải thích từng giấy tờ.',
    'Nộp qua mạng dễ, ảnh chụp giấy tờ được nhận ngay.',
    'Có chỗ gửi xe và lối đi cho xe lăn.',
    'Hồ sơ thiếu một bản sao, được photo tại chỗ, không phải về.',
    'Rất hài lòng, cảm ơn bộ phận một cửa.',
    'Cán bộ làm việc đúng giờ, không nghe điện thoại riêng.',
  ],
  fair: [
    'Nhìn chung ổn, nhưng bảng hướng dẫn chữ nhỏ quá.',
    'Kết quả đúng hẹn. Chỗ chờ hơi nóng vào buổi chiều.',
    'Phải điền lại thông tin đã có trong căn cước.',
    'Trang nộp hồ sơ hay báo lỗi khi tải tệp lớn.',
    'Nên mở thêm một quầy vào sáng thứ hai.',
    'Hướng dẫn trên mạng và ở quầy khác nhau một giấy tờ.',
    'Chờ gần một giờ dù đã lấy số từ sớm.',
    'Lệ phí nên cho trả bằng mã QR ở mọi quầy.',
  ],
  bad: [
    'Phải bổ sung hồ sơ ba lần, mỗi lần một giấy khác.',
    'Trễ hẹn một tuần mà không ai báo.',
    'Hỏi ở quầy thì được bảo lên mạng xem, mà trên mạng không có.',
    'Nộp trực tuyến rồi vẫn phải mang bản giấy tới.',
    'Chỉ có một quầy làm việc trong khi người chờ rất đông.',
    'Kết quả sai ngày sinh, phải làm lại từ đầu.',
    'Gọi đường dây nóng nhiều lần không ai nghe.',
    'Thái độ tiếp nhận lạnh nhạt, không giải thích vì sao thiếu.',
  ],
} as const

export interface PlannedReply {
  readonly about: keyof typeof COMMENTS
  readonly comments: number
  readonly saidVi: string
  readonly saidEn: string
  readonly answerVi: string
  readonly answerEn: string
  readonly daysAgo: number
  /** Days from today; promises in the past were fulfilled. */
  readonly promise?: { readonly vi: string; readonly en: string; readonly inDays: number }
  readonly done?: { readonly vi: string; readonly en: string; readonly daysAgo: number }
}

/** The main agency's replies to comments, and the results of its promises. */
export const REPLIES: readonly PlannedReply[] = [
  {
    ...{ about: 'fair', comments: 3, daysAgo: 96 },
    saidVi: 'Nhiều người phải chờ lâu vào sáng thứ hai.',
    saidEn: 'Many people wait a long time on Monday mornings.',
    answerVi: 'Số người đến vào sáng thứ hai gấp đôi ngày khác. Chúng tôi bố trí thêm người cho giờ này.',
    answerEn: 'Twice as many people come on Monday mornings. We add staff for those hours.',
    promise: {
      vi: 'Mở thêm hai quầy vào sáng thứ hai.',
      en: 'Open two more counters on Monday mornings.',
      inDays: -41,
    },
    done: {
      vi: 'Từ đầu tháng trước có thêm hai quầy, thời gian chờ còn khoảng 20 phút.',
      en: 'Two more counters since last month; the wait is about 20 minutes now.',
      daysAgo: 44,
    },
  },
  {
    ...{ about: 'bad', comments: 2, daysAgo: 33 },
    saidVi: 'Hồ sơ nộp trực tuyến vẫn bị yêu cầu bản giấy.',
    saidEn: 'Files handed in online are still asked for on paper.',
    answerVi: 'Yêu cầu đó là sai quy định. Chúng tôi đã rà soát và nhắc các bộ phận.',
    answerEn: 'That request is against the rules. We have reviewed it and told all desks.',
    promise: {
      vi: 'Bỏ yêu cầu nộp bản giấy ở tất cả thủ tục đã làm trực tuyến.',
      en: 'Drop the paper copy for every procedure that is done online.',
      inDays: 38,
    },
  },
  {
    ...{ about: 'good', comments: 2, daysAgo: 61 },
    saidVi: 'Tin nhắn báo kết quả và lấy số trên mạng được khen.',
    saidEn: 'Messages about results and booking a number online are praised.',
    answerVi: 'Cảm ơn ông/bà. Chúng tôi sẽ dùng tin nhắn cho cả hồ sơ đất đai.',
    answerEn: 'Thank you. We will use messages for land files as well.',
  },
]

export interface PlannedSuggestion {
  readonly text: string
  readonly state: SuggestionState
  /** Months ago. */
  readonly came: number
  /** The index of the suggestion that it was merged into. */
  readonly into?: number
  readonly answer?: {
    readonly summaryVi: string
    readonly summaryEn: string
    readonly answerVi: string
    readonly answerEn: string
    readonly daysAgo: number
    /** Days from today until the answer takes effect. */
    readonly inDays?: number
  }
}

/** Suggestions for other questions, and their outcomes. */
export const SUGGESTIONS: readonly PlannedSuggestion[] = [
  {
    text: 'Nên hỏi thêm thời gian chờ ở quầy là bao nhiêu phút.',
    state: 'tried',
    came: 7,
    answer: {
      summaryVi: 'Hỏi thời gian chờ ở quầy',
      summaryEn: 'Ask how long people waited at the counter',
      answerVi: 'Thành phố sẽ thử câu hỏi này ở một phần các phiếu trước khi đưa vào chính thức.',
      answerEn: 'The city will try this question on part of the forms before it becomes regular.',
      ...{ daysAgo: 120, inDays: 64 },
    },
  },
  { text: 'Phiếu chưa hỏi phải đợi bao lâu, mà đó là điều bực nhất.', state: 'merged', came: 6, into: 0 },
  { text: 'Hỏi giùm thời gian chờ.', state: 'merged', came: 5, into: 0 },
  {
    text: 'Câu về dịch vụ trực tuyến nên có lựa chọn “tôi không dùng”.',
    state: 'accepted',
    came: 9,
    answer: {
      summaryVi: 'Thêm lựa chọn “tôi không dùng” cho câu về dịch vụ trực tuyến',
      summaryEn: 'Add “I did not use it” to the question about the online service',
      answerVi: 'Đồng ý. Lựa chọn này có trong bản câu hỏi kế tiếp.',
      answerEn: 'Agreed. The choice is in the next version of the questions.',
      ...{ daysAgo: 150, inDays: 33 },
    },
  },
  { text: 'Tôi nộp giấy nên câu trực tuyến không biết chọn gì.', state: 'merged', came: 8, into: 3 },
  {
    text: 'Bỏ câu hỏi về khoản tiền ngoài phí, hỏi vậy ai dám trả lời.',
    state: 'declined',
    came: 6,
    answer: {
      summaryVi: 'Bỏ câu hỏi về khoản tiền ngoài mức phí',
      summaryEn: 'Drop the question about money beyond the fee',
      answerVi:
        'Câu này được giữ: không ai biết phiếu là của ai, và có thể chọn không trả lời. Kết quả chỉ công bố khi đủ 30 người.',
      answerEn:
        'The question stays: nobody knows whose answer is whose, and one may decline it. It is published only from 30 people on.',
      daysAgo: 88,
    },
  },
  {
    text: 'Cho chấm điểm từng cán bộ bằng tên.',
    state: 'declined',
    came: 4,
    answer: {
      summaryVi: 'Chấm điểm từng cán bộ theo tên',
      summaryEn: 'Rate members of staff by name',
      answerVi:
        'Phiếu đánh giá dịch vụ của cơ quan, không đánh giá cá nhân. Khiếu nại cán bộ có đường riêng.',
      answerEn:
        'The survey rates an office’s service, not persons. Complaints about staff have a way of their own.',
      daysAgo: 52,
    },
  },
  { text: 'Nên có phiếu bằng tiếng Hoa cho người lớn tuổi.', state: 'new', came: 2 },
  { text: 'Thêm câu hỏi về chỗ gửi xe.', state: 'new', came: 1 },
  { text: 'Cho biết vì sao phải bổ sung hồ sơ, không chỉ mấy lần.', state: 'new', came: 1 },
  { text: 'Chữ trong phiếu nên to hơn trên điện thoại.', state: 'new', came: 0 },
]
