/**
 * The ways by which a form is opened: from the site, by the code of a poster, by an invitation (none is sent yet). A kiosk is
 * none of them: its answers are a stream of their own.
 */
export const ANSWER_CHANNELS = ['web', 'poster', 'invitation'] as const
export type AnswerChannel = (typeof ANSWER_CHANNELS)[number]

/** The parameter of an address that says by which way it leads to the form. */
export const CHANNEL_PARAMETER = 'kenh'

/** What a poster's code adds to the form's address. */
export const POSTER_QUERY = { [CHANNEL_PARAMETER]: 'poster' } as const

/** Reads the parameter, or the form's field: any other text is the site. No invitation is known by a word. */
export const parseChannel = (text: unknown): 'web' | 'poster' => (text === 'poster' ? 'poster' : 'web')
