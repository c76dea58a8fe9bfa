import pg from 'pg'
import { type Question, questionsSchema } from '#features/questionnaires/questions/rules.ts'
import { TIME_ZONE } from '#lib/time.ts'
import { dropIndexes, hasOwnRows } from './bulk.ts'

/** The number of prepared answer sets for each overall satisfaction; answers are drawn from them. */
const WAYS = 40
const MONTHS = 24

interface Profile {
  readonly id: number
  readonly answers: Record<string, string>
}

/** Picks an option; better ones are likelier with a better overall satisfaction. */
function pick({ options }: Question, overall: number): string {
  const at = Math.floor(Math.random() ** (1.2 + (5 - overall) / 4) * options.length)
  const ordered = options.filter(({ code }) => code !== 'na').toSorted((a, b) => (a.code < b.code ? 1 : -1))
  return (ordered[at] ?? ordered[0] ?? options[0])?.code ?? ''
}

function profilesOf(questions: readonly Question[]): Profile[] {
  const profiles: Profile[] = []
  for (const optional of [false, true]) {
    for (let overall = 1; overall <= 5; overall++) {
      for (let way = 0; way < WAYS; way++) {
        const asked = questions.filter(
          ({ required, options }) => options.length > 0 && (required || optional),
        )
        const answers = Object.fromEntries(asked.map((question) => [question.key, pick(question, overall)]))
        const id = ((optional ? 5 : 0) + overall - 1) * WAYS + way
        profiles.push({ id, answers: { ...answers, r1: String(overall) } })
      }
    }
  }
  return profiles
}

// Ten at a time belong to one agency and month, as when they become public. Agencies differ a little, one month in a year
// is worse, and half of the groups also answered the optional questions.
const RESPONSES = `
  INSERT INTO survey_responses (id, agency_version_id, questionnaire_version, agency_id, service_date, procedure,
    with_code, received_month, answers, counted)
  SELECT gen_random_uuid(), version_id, 1, agency_id, month, NULL, with_code, month, profiles.answers, true
  FROM (
    SELECT agency.version_id, agency.agency_id, month, random() < 0.3 AS with_code,
      ((CASE WHEN ten / agency.all_of_them % 2 = 0 THEN 5 ELSE 0 END)
        + CASE WHEN random() < 0.62 + 0.3 * (agency.at * 7 % 11) / 11.0 - CASE WHEN back % 12 = 7 THEN 0.12 ELSE 0 END
          THEN CASE WHEN random() < 0.55 THEN 3 ELSE 4 END ELSE floor(random() * 3)::int END) * ${WAYS}
        + floor(random() * ${WAYS})::int AS profile
    FROM (
      SELECT n, ten, ten / (SELECT count(*) FROM filled_agencies) % ${MONTHS} AS back
      FROM (SELECT n, n / 10 AS ten FROM generate_series($1::bigint, $2::bigint) AS n) AS numbers
    ) AS tens
    JOIN filled_agencies AS agency ON agency.at = ten % agency.all_of_them
    CROSS JOIN LATERAL (SELECT (date_trunc('month', now() AT TIME ZONE '${TIME_ZONE}')
      - make_interval(months => back::int))::date AS month) AS dated
    OFFSET 0
  ) AS drawn
  JOIN filled_profiles AS profiles ON profiles.id = drawn.profile`

const PREPARE = `
  CREATE TEMP TABLE filled_agencies AS
  SELECT v.id AS version_id, v.agency_id, row_number() OVER (ORDER BY a.ordinal) - 1 AS at, count(*) OVER () AS all_of_them
  FROM agency_versions v JOIN agencies a ON a.id = v.agency_id WHERE v.valid_to IS NULL;
  CREATE TEMP TABLE filled_profiles (id int PRIMARY KEY, answers jsonb)`

// The figures that the product updates in the transaction of every tenth answer, computed from all answers at once.
const FIGURES = `
  CREATE TEMP TABLE filled_groups AS
  SELECT agency_id, received_month AS month, with_code, answers, count(*) AS people
  FROM survey_responses WHERE counted GROUP BY 1, 2, 3, 4;

  DELETE FROM survey_cells; DELETE FROM survey_months; DELETE FROM survey_code_splits;

  INSERT INTO survey_tallies AS t (agency_id, questionnaire_version, published, waiting)
  SELECT agency_id, 1, sum(people), 0 FROM filled_groups GROUP BY 1
  ON CONFLICT (agency_id, questionnaire_version) DO UPDATE SET published = EXCLUDED.published;

  INSERT INTO survey_months (agency_id, questionnaire_version, question, month, respondents, counts)
  SELECT agency_id, 1, question, month, sum(people), jsonb_object_agg(code, people) FROM (
    SELECT agency_id, month, question, code, sum(people) AS people
    FROM filled_groups, jsonb_each_text(answers) AS given (question, code) GROUP BY 1, 2, 3, 4
  ) AS told GROUP BY 1, 3, 4
  -- In the demo city fewer than ten may have answered a question in a month; that is held back.
  HAVING sum(people) >= 10;

  INSERT INTO survey_cells (agency_id, questionnaire_version, question, respondents, published, held_respondents, held)
  SELECT agency_id, 1, question, sum(people), jsonb_object_agg(code, people), 0, '{}' FROM (
    SELECT agency_id, question, code, sum(people::int) AS people
    FROM survey_months, jsonb_each_text(counts) AS told (code, people) GROUP BY 1, 2, 3
  ) AS summed GROUP BY 1, 3;

  INSERT INTO survey_code_splits
  SELECT agency_id, 1, coalesce(jsonb_object_agg(code, people) FILTER (WHERE with_code), '{}'),
    coalesce(jsonb_object_agg(code, people) FILTER (WHERE NOT with_code), '{}'), '{}', '{}'
  FROM (SELECT agency_id, with_code, answers->>'r1' AS code, sum(people) AS people FROM filled_groups GROUP BY 1, 2, 3) AS told
  GROUP BY 1;

  DROP TABLE filled_groups, filled_agencies, filled_profiles`

const BATCH = 500_000

/**
 * Fills a migrated and seeded database as its owner with public answers, spread over every agency and the last two years,
 * and with the figures that the product would have kept. It may have no answers yet except those of the demo city. `told`
 * gets the number of answers written so far.
 */
export async function fillSurvey(
  ownerUrl: string,
  responses: number,
  told: (done: number) => void,
): Promise<void> {
  const client = new pg.Client({ connectionString: ownerUrl })
  await client.connect()
  try {
    if (await hasOwnRows(client, 'survey_responses', 'responses'))
      throw new Error('The database has answers already: load into an empty one.')
    const { rows } = await client.query('SELECT questions FROM questionnaires WHERE version = 1')
    const profiles = profilesOf(questionsSchema.parse(rows[0]?.questions))
    await client.query('BEGIN')
    await client.query(`SET LOCAL maintenance_work_mem = '512MB'; SET LOCAL work_mem = '256MB'`)
    await client.query(PREPARE)
    await client.query(
      'INSERT INTO filled_profiles SELECT * FROM jsonb_to_recordset($1::jsonb) AS profile (id int, answers jsonb)',
      [JSON.stringify(profiles)],
    )
    const remake = await dropIndexes(client, ['survey_responses'])
    // Whole groups of ten: an incomplete one would not be public.
    const all = Math.floor(responses / 10) * 10
    for (let from = 0; from < all; from += BATCH) {
      const to = Math.min(from + BATCH, all)
      await client.query(RESPONSES, [from, to - 1])
      told(to)
    }
    for (const statement of remake) await client.query(statement)
    await client.query(FIGURES)
    await client.query('COMMIT')
    await client.query('VACUUM (ANALYZE) survey_responses, survey_cells, survey_months, survey_code_splits')
  } finally {
    await client.end()
  }
}
