-- accepted: drop: no release calls the function
-- AlterTable
ALTER TABLE "survey_responses" ADD COLUMN     "same_network" BOOLEAN NOT NULL DEFAULT false;

-- CreateTable
CREATE TABLE "survey_same_network" (
    "agency_id" TEXT NOT NULL,
    "questionnaire_version" INTEGER NOT NULL,
    "month" DATE NOT NULL,
    "answers" INTEGER NOT NULL,

    CONSTRAINT "survey_same_network_pkey" PRIMARY KEY ("agency_id","month","questionnaire_version")
);

-- CreateTable
CREATE TABLE "survey_rule_changes" (
    "rule" TEXT NOT NULL,
    "since" DATE NOT NULL,

    CONSTRAINT "survey_rule_changes_pkey" PRIMARY KEY ("rule")
);

-- CreateTable
CREATE TABLE "survey_flows" (
    "agency_id" TEXT NOT NULL,
    "day" DATE NOT NULL,
    "answers" INTEGER NOT NULL,
    "networks" INTEGER NOT NULL,
    "equal_answers" INTEGER NOT NULL,
    "signs" TEXT[],
    "told_at" TIMESTAMPTZ(3) NOT NULL,
    "seen_at" TIMESTAMPTZ(3),

    CONSTRAINT "survey_flows_pkey" PRIMARY KEY ("agency_id","day")
);

-- CreateIndex
CREATE INDEX "survey_flows_day_idx" ON "survey_flows"("day");

-- AddForeignKey
ALTER TABLE "survey_same_network" ADD CONSTRAINT "survey_same_network_agency_id_fkey" FOREIGN KEY ("agency_id") REFERENCES "agencies"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "survey_same_network" ADD CONSTRAINT "survey_same_network_questionnaire_version_fkey" FOREIGN KEY ("questionnaire_version") REFERENCES "questionnaires"("version") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "survey_flows" ADD CONSTRAINT "survey_flows_agency_id_fkey" FOREIGN KEY ("agency_id") REFERENCES "agencies"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

ALTER TABLE "survey_same_network"
  ADD CONSTRAINT "survey_same_network_some" CHECK (answers > 0);

-- An installation that has published figures counted every answer until this day.
INSERT INTO survey_rule_changes (rule, since)
SELECT 'one_network', (now() AT TIME ZONE 'Asia/Ho_Chi_Minh')::date WHERE EXISTS (SELECT FROM survey_months);

-- It answers another column. The last release calls `take_waiting_ratings`.
DROP FUNCTION IF EXISTS take_waiting_answers(text, integer, date);
