-- DropIndex
DROP INDEX "survey_cells_question_idx";

-- AlterTable
ALTER TABLE "survey_cells" ADD COLUMN     "held_respondents" INTEGER NOT NULL DEFAULT 0,
ADD COLUMN     "respondents" INTEGER NOT NULL DEFAULT 0;

-- So far each answer chose one option.
UPDATE "survey_cells" SET
  respondents = (SELECT coalesce(sum(value::int), 0) FROM jsonb_each_text(published)),
  held_respondents = (SELECT coalesce(sum(value::int), 0) FROM jsonb_each_text(held));

ALTER TABLE "survey_cells" ALTER COLUMN "held_respondents" DROP DEFAULT,
ALTER COLUMN "respondents" DROP DEFAULT,
  ADD CONSTRAINT "survey_cells_by_tens" CHECK (respondents = 0 OR respondents >= 10);

-- CreateTable
CREATE TABLE "survey_months" (
    "agency_id" TEXT NOT NULL,
    "questionnaire_version" INTEGER NOT NULL,
    "question" TEXT NOT NULL,
    "month" DATE NOT NULL,
    "respondents" INTEGER NOT NULL,
    "counts" JSONB NOT NULL,

    CONSTRAINT "survey_months_pkey" PRIMARY KEY ("agency_id","question","month","questionnaire_version")
);

-- CreateTable
CREATE TABLE "survey_code_splits" (
    "agency_id" TEXT NOT NULL,
    "questionnaire_version" INTEGER NOT NULL,
    "with_code" JSONB NOT NULL,
    "without_code" JSONB NOT NULL,
    "held_with_code" JSONB NOT NULL,
    "held_without_code" JSONB NOT NULL,

    CONSTRAINT "survey_code_splits_pkey" PRIMARY KEY ("agency_id","questionnaire_version")
);

-- CreateIndex
CREATE INDEX "survey_months_question_month_idx" ON "survey_months"("question", "month");

-- CreateIndex
CREATE INDEX "survey_cells_question_questionnaire_version_idx" ON "survey_cells"("question", "questionnaire_version");

ALTER TABLE "survey_months"
  ADD CONSTRAINT "survey_months_by_tens" CHECK (respondents >= 10),
  ADD CONSTRAINT "survey_months_first_day" CHECK (month = date_trunc('month', month)::date);

-- What is public already belongs to the month of this migration: when it became so was never kept.
INSERT INTO "survey_months" (agency_id, questionnaire_version, question, month, respondents, counts)
  SELECT agency_id, questionnaire_version, question,
    date_trunc('month', now() AT TIME ZONE 'Asia/Ho_Chi_Minh')::date, respondents, published
  FROM "survey_cells" WHERE respondents > 0;

-- And none of it has been told apart yet.
INSERT INTO "survey_code_splits"
  SELECT agency_id, questionnaire_version, '{}', '{}',
    coalesce(jsonb_object_agg(code, people) FILTER (WHERE with_code), '{}'),
    coalesce(jsonb_object_agg(code, people) FILTER (WHERE NOT with_code), '{}')
  FROM (
    SELECT agency_id, questionnaire_version, with_code, answers->>'r1' AS code, count(*) AS people
    FROM "survey_responses" WHERE counted AND answers ? 'r1' GROUP BY 1, 2, 3, 4
  ) AS told
  GROUP BY 1, 2;
