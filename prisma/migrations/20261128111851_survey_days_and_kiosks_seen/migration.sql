-- AlterTable
ALTER TABLE "survey_kiosks" ADD COLUMN     "seen_on" DATE;

-- CreateTable
CREATE TABLE "survey_days" (
    "day" DATE NOT NULL,
    "answers" INTEGER NOT NULL,

    CONSTRAINT "survey_days_pkey" PRIMARY KEY ("day")
);
