-- CreateEnum
CREATE TYPE "comment_review" AS ENUM ('unexamined', 'clear', 'doubtful', 'passed', 'kept_back');

-- CreateEnum
CREATE TYPE "survey_request_state" AS ENUM ('asked', 'confirmed', 'dropped');

-- AlterTable
ALTER TABLE "survey_comments" ADD COLUMN     "held_on" DATE,
ADD COLUMN     "review" "comment_review" NOT NULL DEFAULT 'unexamined';

-- AlterTable
ALTER TABLE "survey_exclusions" ADD COLUMN     "reversal_en" TEXT;

-- AlterTable
ALTER TABLE "survey_replies" ADD COLUMN     "reminded_for" DATE;

-- CreateTable
CREATE TABLE "survey_requests" (
    "id" UUID NOT NULL,
    "exclusion_id" UUID,
    "report_id" UUID,
    "reason_vi" TEXT NOT NULL,
    "reason_en" TEXT,
    "state" "survey_request_state" NOT NULL DEFAULT 'asked',
    "asked_by_id" UUID NOT NULL,
    "asked_at" TIMESTAMPTZ(3) NOT NULL,
    "decided_by_id" UUID,
    "decided_at" TIMESTAMPTZ(3),

    CONSTRAINT "survey_requests_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE UNIQUE INDEX "survey_requests_exclusion_open" ON "survey_requests"("exclusion_id") WHERE (state = 'asked'::survey_request_state);

-- CreateIndex
CREATE UNIQUE INDEX "survey_requests_report_open" ON "survey_requests"("report_id") WHERE (state = 'asked'::survey_request_state);

-- CreateIndex
CREATE INDEX "survey_comments_held" ON "survey_comments"("held_on", "id") WHERE (review = 'doubtful'::comment_review);

-- CreateIndex
CREATE INDEX "survey_comments_unexamined" ON "survey_comments"("id") WHERE (released AND (review = 'unexamined'::comment_review));

-- CreateIndex
CREATE INDEX "survey_comments_received_month_idx" ON "survey_comments"("received_month");

-- AddForeignKey
ALTER TABLE "survey_requests" ADD CONSTRAINT "survey_requests_exclusion_id_fkey" FOREIGN KEY ("exclusion_id") REFERENCES "survey_exclusions"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "survey_requests" ADD CONSTRAINT "survey_requests_report_id_fkey" FOREIGN KEY ("report_id") REFERENCES "survey_reports"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- A comment is not released before the machine has looked at it and found nothing, or the survey manager lets it pass.
-- Whoever releases a ten need not know: what is held waits, as it was, for the next one.
CREATE FUNCTION hold_doubtful_comment() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.review NOT IN ('clear', 'passed') THEN RETURN NULL; END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER "survey_comments_hold" BEFORE UPDATE OF released ON "survey_comments"
  FOR EACH ROW WHEN (NEW.released AND NOT OLD.released) EXECUTE FUNCTION hold_doubtful_comment();
ALTER TABLE "survey_comments" ADD CONSTRAINT "survey_comments_held"
  CHECK (review <> 'doubtful' OR held_on IS NOT NULL);

ALTER TABLE "survey_exclusions" ADD CONSTRAINT "survey_exclusions_reversal_en"
  CHECK (reversal_en IS NULL OR reversal IS NOT NULL);

-- Two people, and about one thing.
ALTER TABLE "survey_requests"
  ADD CONSTRAINT "survey_requests_subject" CHECK (num_nonnulls(exclusion_id, report_id) = 1),
  ADD CONSTRAINT "survey_requests_decided"
    CHECK ((state = 'asked') = (decided_at IS NULL) AND (decided_at IS NULL) = (decided_by_id IS NULL)),
  ADD CONSTRAINT "survey_requests_two_people" CHECK (state <> 'confirmed' OR decided_by_id <> asked_by_id);
-- What two people agreed on does not happen by one: neither by the page nor by a statement of the application.
CREATE FUNCTION needs_second_person() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NOT EXISTS (
    SELECT FROM survey_requests
    WHERE state = 'confirmed' AND (TG_TABLE_NAME = 'survey_exclusions' AND exclusion_id = NEW.id
      OR TG_TABLE_NAME = 'survey_reports' AND report_id = NEW.id)
  ) THEN
    RAISE EXCEPTION 'this takes a second person';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER "survey_exclusions_two_people" BEFORE UPDATE OF reversed_at ON "survey_exclusions"
  FOR EACH ROW WHEN (NEW.reversed_at IS NOT NULL AND OLD.reversed_at IS NULL) EXECUTE FUNCTION needs_second_person();
CREATE TRIGGER "survey_reports_two_people" BEFORE UPDATE OF withdrawn_at ON "survey_reports"
  FOR EACH ROW WHEN (NEW.withdrawn_at IS NOT NULL AND OLD.withdrawn_at IS NULL) EXECUTE FUNCTION needs_second_person();
