-- CreateEnum
CREATE TYPE "answer_channel" AS ENUM ('web', 'poster', 'invitation');

-- AlterTable
ALTER TABLE "survey_comments" ADD COLUMN     "kiosk_week" DATE;

-- AlterTable
ALTER TABLE "survey_excluded_responses" ADD COLUMN     "channel" "answer_channel" NOT NULL DEFAULT 'web';

-- AlterTable
ALTER TABLE "survey_kiosks" ADD COLUMN     "ceiling" INTEGER NOT NULL DEFAULT 60,
ADD COLUMN     "pairing_nonce" BYTEA,
ADD COLUMN     "pairing_until" TIMESTAMPTZ(3),
ADD COLUMN     "public_key" BYTEA;

-- AlterTable
ALTER TABLE "survey_responses" ADD COLUMN     "channel" "answer_channel" NOT NULL DEFAULT 'web';

-- CreateTable
CREATE TABLE "survey_kiosk_responses" (
    "id" UUID NOT NULL,
    "agency_version_id" UUID NOT NULL,
    "questionnaire_version" INTEGER NOT NULL,
    "agency_id" TEXT NOT NULL,
    "service_date" DATE NOT NULL,
    "week" DATE NOT NULL,
    "answers" JSONB NOT NULL,
    "counted" BOOLEAN NOT NULL DEFAULT false,
    "person" BOOLEAN NOT NULL,

    CONSTRAINT "survey_kiosk_responses_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "survey_kiosk_cells" (
    "agency_id" TEXT NOT NULL,
    "questionnaire_version" INTEGER NOT NULL,
    "question" TEXT NOT NULL,
    "respondents" INTEGER NOT NULL,
    "published" JSONB NOT NULL,
    "held_respondents" INTEGER NOT NULL,
    "held_people" INTEGER NOT NULL DEFAULT 0,
    "held" JSONB NOT NULL,

    CONSTRAINT "survey_kiosk_cells_pkey" PRIMARY KEY ("agency_id","questionnaire_version","question")
);

-- CreateTable
CREATE TABLE "survey_kiosk_weeks" (
    "agency_id" TEXT NOT NULL,
    "questionnaire_version" INTEGER NOT NULL,
    "question" TEXT NOT NULL,
    "week" DATE NOT NULL,
    "respondents" INTEGER NOT NULL,
    "counts" JSONB NOT NULL,

    CONSTRAINT "survey_kiosk_weeks_pkey" PRIMARY KEY ("agency_id","question","week","questionnaire_version")
);

-- CreateTable
CREATE TABLE "survey_channel_splits" (
    "agency_id" TEXT NOT NULL,
    "questionnaire_version" INTEGER NOT NULL,
    "published" JSONB NOT NULL,
    "held" JSONB NOT NULL,
    "held_people" JSONB NOT NULL,

    CONSTRAINT "survey_channel_splits_pkey" PRIMARY KEY ("agency_id","questionnaire_version")
);

-- CreateIndex
CREATE INDEX "survey_kiosk_responses_waiting" ON "survey_kiosk_responses"("agency_id", "questionnaire_version") WHERE (NOT counted);

-- CreateIndex
CREATE INDEX "survey_kiosk_responses_week_idx" ON "survey_kiosk_responses"("week");

-- CreateIndex
CREATE INDEX "survey_kiosk_responses_agency_version_id_service_date_idx" ON "survey_kiosk_responses"("agency_version_id", "service_date");

-- CreateIndex
CREATE INDEX "survey_kiosk_weeks_question_week_idx" ON "survey_kiosk_weeks"("question", "week");

-- AddForeignKey
ALTER TABLE "survey_kiosk_responses" ADD CONSTRAINT "survey_kiosk_responses_agency_version_id_agency_id_fkey" FOREIGN KEY ("agency_version_id", "agency_id") REFERENCES "agency_versions"("id", "agency_id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "survey_kiosk_responses" ADD CONSTRAINT "survey_kiosk_responses_questionnaire_version_fkey" FOREIGN KEY ("questionnaire_version") REFERENCES "questionnaires"("version") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "survey_kiosk_cells" ADD CONSTRAINT "survey_kiosk_cells_agency_id_fkey" FOREIGN KEY ("agency_id") REFERENCES "agencies"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "survey_kiosk_cells" ADD CONSTRAINT "survey_kiosk_cells_questionnaire_version_fkey" FOREIGN KEY ("questionnaire_version") REFERENCES "questionnaires"("version") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "survey_kiosk_weeks" ADD CONSTRAINT "survey_kiosk_weeks_agency_id_fkey" FOREIGN KEY ("agency_id") REFERENCES "agencies"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "survey_kiosk_weeks" ADD CONSTRAINT "survey_kiosk_weeks_questionnaire_version_fkey" FOREIGN KEY ("questionnaire_version") REFERENCES "questionnaires"("version") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "survey_channel_splits" ADD CONSTRAINT "survey_channel_splits_agency_id_fkey" FOREIGN KEY ("agency_id") REFERENCES "agencies"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "survey_channel_splits" ADD CONSTRAINT "survey_channel_splits_questionnaire_version_fkey" FOREIGN KEY ("questionnaire_version") REFERENCES "questionnaires"("version") ON DELETE RESTRICT ON UPDATE CASCADE;

ALTER TABLE "survey_kiosk_cells"
  ADD CONSTRAINT "survey_kiosk_cells_by_thirties" CHECK (respondents = 0 OR respondents >= 30);
ALTER TABLE "survey_kiosk_weeks"
  ADD CONSTRAINT "survey_kiosk_weeks_by_thirties" CHECK (respondents >= 30 AND extract(isodow FROM week) = 1);
ALTER TABLE "survey_kiosk_responses"
  ADD CONSTRAINT "survey_kiosk_responses_of_weeks" CHECK (extract(isodow FROM week) = 1);
