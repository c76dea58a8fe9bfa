-- CreateEnum
CREATE TYPE "suggestion_state" AS ENUM ('new', 'merged', 'accepted', 'tried', 'declined');

-- AlterTable
ALTER TABLE "questionnaires" ADD COLUMN     "base_version" INTEGER,
ADD COLUMN     "reason_en" TEXT,
ADD COLUMN     "reason_vi" TEXT,
ADD COLUMN     "revision" INTEGER NOT NULL DEFAULT 0,
ADD COLUMN     "trial_percent" INTEGER;

-- AlterTable
ALTER TABLE "survey_comments" ADD COLUMN     "question" TEXT,
ADD COLUMN     "questionnaire_version" INTEGER;

-- AlterTable
ALTER TABLE "survey_suggestions" ADD COLUMN     "answer_en" TEXT,
ADD COLUMN     "answer_vi" TEXT,
ADD COLUMN     "answered_at" TIMESTAMPTZ(3),
ADD COLUMN     "merged_into_id" UUID,
ADD COLUMN     "outcome_version" INTEGER,
ADD COLUMN     "revision" INTEGER NOT NULL DEFAULT 0,
ADD COLUMN     "state" "suggestion_state" NOT NULL DEFAULT 'new',
ADD COLUMN     "summary_en" TEXT,
ADD COLUMN     "summary_vi" TEXT;

-- CreateIndex
CREATE INDEX "questionnaires_base_version_idx" ON "questionnaires"("base_version");

-- CreateIndex
CREATE INDEX "survey_suggestions_state_received_month_id_idx" ON "survey_suggestions"("state", "received_month" DESC, "id" DESC);

-- CreateIndex
CREATE INDEX "survey_suggestions_merged_into_id_idx" ON "survey_suggestions"("merged_into_id");

-- CreateIndex
CREATE INDEX "survey_suggestions_outcome_version_idx" ON "survey_suggestions"("outcome_version");

-- CreateIndex
CREATE INDEX "survey_suggestions_answered" ON "survey_suggestions"("answered_at" DESC, "id" DESC) WHERE (answered_at IS NOT NULL);

-- Trusted: the owner of the database may create it.
CREATE EXTENSION IF NOT EXISTS pg_trgm;

-- CreateIndex
CREATE INDEX "survey_suggestions_similar" ON "survey_suggestions" USING GIN ("text" gin_trgm_ops);

-- AddForeignKey
ALTER TABLE "questionnaires" ADD CONSTRAINT "questionnaires_base_version_fkey" FOREIGN KEY ("base_version") REFERENCES "questionnaires"("version") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "survey_comments" ADD CONSTRAINT "survey_comments_questionnaire_version_fkey" FOREIGN KEY ("questionnaire_version") REFERENCES "questionnaires"("version") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "survey_suggestions" ADD CONSTRAINT "survey_suggestions_merged_into_id_fkey" FOREIGN KEY ("merged_into_id") REFERENCES "survey_suggestions"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "survey_suggestions" ADD CONSTRAINT "survey_suggestions_outcome_version_fkey" FOREIGN KEY ("outcome_version") REFERENCES "questionnaires"("version") ON DELETE SET NULL ON UPDATE CASCADE;

-- A published version is what its answers were given to. Only drafts change or are deleted; a published version is
-- retired, once, and nothing else.
CREATE OR REPLACE FUNCTION questionnaire_is_immutable() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF OLD.published_at IS NULL THEN
    RETURN coalesce(NEW, OLD);
  END IF;
  IF TG_OP = 'DELETE' OR OLD.retired_at IS NOT NULL
    OR (to_jsonb(NEW) - 'retired_at') <> (to_jsonb(OLD) - 'retired_at') THEN
    RAISE EXCEPTION 'questionnaire % is published: it cannot change', OLD.version
      USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN NEW;
END $$;

-- What can be said of a version without reading its questions one by one; the rest is domain/survey/draft.ts.
ALTER TABLE "questionnaires"
  ADD CONSTRAINT "questionnaires_headline" CHECK (published_at IS NULL
    OR questions @> '[{"key": "r1", "kind": "satisfaction", "required": true}]'),
  ADD CONSTRAINT "questionnaires_reason" CHECK (published_at IS NULL OR base_version IS NULL
    OR (btrim(reason_vi) <> '' AND btrim(reason_en) <> '') IS TRUE),
  ADD CONSTRAINT "questionnaires_base" CHECK (base_version <> version),
  ADD CONSTRAINT "questionnaires_trial" CHECK (trial_percent BETWEEN 1 AND 50),
  ADD CONSTRAINT "questionnaires_draft" CHECK (published_at IS NOT NULL OR (retired_at IS NULL AND trial_percent IS NULL));
CREATE UNIQUE INDEX "questionnaires_one_trial" ON "questionnaires" ((true))
  WHERE trial_percent IS NOT NULL AND retired_at IS NULL;

ALTER TABLE "survey_comments" ADD CONSTRAINT "survey_comments_question"
  CHECK ((questionnaire_version IS NULL) = (question IS NULL));

ALTER TABLE "survey_suggestions"
  ADD CONSTRAINT "survey_suggestions_merged" CHECK ((state = 'merged') = (merged_into_id IS NOT NULL)
    AND merged_into_id <> id),
  ADD CONSTRAINT "survey_suggestions_answer" CHECK (
    (state IN ('accepted', 'tried', 'declined')) = (answered_at IS NOT NULL)
    AND (answered_at IS NOT NULL) = ((btrim(summary_vi) <> '' AND btrim(answer_vi) <> '') IS TRUE));
