import type { BlockReason } from '#features/exchange/orders/rules.ts'

/** Places for an area without its own. */
export const ANYWHERE = [
  'Bến xe buýt trên đường chính, lúc chờ xe',
  'Trước cổng trường tiểu học, giờ tan học',
  'Ngã tư có đèn đỏ, cạnh cửa hàng tiện lợi',
  'Trong chợ, gần quầy trái cây',
  'Quán nước mía ven đường',
]
export const STORIES: Readonly<Record<Exclude<BlockReason, 'hold'>, readonly string[]>> = {
  snatched: [
    'Hai người đi xe máy giật điện thoại khi tôi đang đứng chờ đèn đỏ.',
    'Tôi đang nghe máy trên vỉa hè thì bị một xe máy áp sát giật mất.',
    'Tôi mở bản đồ tìm đường, người ngồi sau xe máy giật rồi chạy ngược chiều.',
    'Con tôi đang cầm máy xem ở quán cà phê thì bị giật.',
    'Đang chụp hình trước cửa hàng thì bị giật, xe không có biển số.',
  ],
  robbed: [
    'Hai người chặn xe trong hẻm, dọa và lấy điện thoại cùng ví.',
    'Bị một nhóm vây ở gầm cầu, buộc đưa điện thoại.',
    'Khách đi xe bảo dừng ở chỗ vắng rồi lấy máy.',
  ],
  stolen: [
    'Để máy trong túi áo khoác treo ở quán, lúc về thì mất.',
    'Móc túi trên xe buýt giờ cao điểm.',
    'Máy để sạc ở phòng trọ, cửa bị cạy.',
    'Bị móc túi khi xem ca nhạc ngoài trời.',
  ],
  lost: [
    'Tôi để quên trên xe công nghệ, gọi lại không ai nghe.',
    'Rơi trên đường về nhà, đoạn đường đang sửa.',
    'Quên trong phòng thử đồ, quay lại thì không còn.',
  ],
}

/** Texts of police, in full sentences as they write them under pressure. */
export const REASONS = {
  verify: [
    'IMEI trên giấy tờ trùng với số khai, tên người mua trùng người báo.',
    'Đã đối chiếu nhãn hộp và hóa đơn; người báo trả lời đúng ba số cuối khi gọi lại.',
    'Giấy tờ rõ, kiểu máy và màu khớp với mô tả.',
    'Đã xem ảnh chụp tài khoản thiết bị, máy đang ở Chế độ mất, IMEI khớp.',
  ],
  approve: [
    'Đồng ý với kết quả xác minh. Chuyển lệnh chặn.',
    'Đã xem lại giấy tờ, đủ căn cứ.',
    'Hồ sơ đủ, không có khai báo nào khác cho máy này.',
  ],
  verify_unblock: ['Người báo mang máy đến trình, IMEI trên màn hình khớp hồ sơ, căn cước khớp.'],
  approve_unblock: ['Đã xem biên bản trả máy và giấy tờ. Đồng ý mở chặn.'],
  accept_counterclaim: [
    'Hai bên đều có giấy tờ ghi cùng IMEI. Cần Công an Thành phố so hai bộ giấy tờ.',
    'Hóa đơn của người báo sau có trước ngày ghi trên phiếu bảo hành của người báo trước. Chưa rõ máy của ai.',
  ],
} as const

export const ASKED = [
  ['proof', 'Ảnh nhãn hộp bị lóa, không đọc được IMEI. Vui lòng chụp lại, để hộp dưới ánh sáng đều.'],
  ['imei', 'Số IMEI khai khác một chữ số so với phiếu bảo hành. Vui lòng xem lại trên hộp máy.'],
  [
    'identity',
    'Tên trên hóa đơn là của người khác. Vui lòng cho biết quan hệ hoặc gửi giấy tờ mang tên bạn.',
  ],
  ['incident', 'Vui lòng cho biết rõ hơn nơi bị giật: trước số nhà nào, hướng xe chạy.'],
] as const

export const REJECTED = [
  [
    'insufficient_proof',
    'Ảnh gửi kèm không cho thấy IMEI của máy. Bạn có thể khiếu nại và gửi hộp hoặc hóa đơn.',
  ],
  ['wrong_imei', 'Số IMEI khai là của một kiểu máy khác với máy trong giấy tờ.'],
  ['not_owner', 'Hóa đơn mang tên người khác và người đó cho biết không giao máy cho bạn.'],
] as const

export const CITIZEN = {
  request_unblock: 'Tôi đã nhận lại máy. Xin mở chặn để dùng tiếp.',
  withdraw: 'Tôi tìm thấy máy ở nhà người quen.',
  appeal: 'Tôi tìm được hộp máy, IMEI nằm ở mặt sau. Xin xem lại.',
  reply: 'Tôi đã chụp lại nhãn hộp, gửi kèm.',
} as const
