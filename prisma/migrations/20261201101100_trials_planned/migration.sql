-- AlterTable
ALTER TABLE "questionnaires" ADD COLUMN     "trial_figures" JSONB,
ADD COLUMN     "trial_points" INTEGER,
ADD COLUMN     "trial_reached_at" TIMESTAMPTZ(3),
ADD COLUMN     "trial_size" INTEGER;

-- AlterTable
ALTER TABLE "survey_responses" ADD COLUMN     "trial" INTEGER;

-- CreateTable
CREATE TABLE "survey_trial_forms" (
    "trial" INTEGER NOT NULL,
    "version" INTEGER NOT NULL,
    "forms" INTEGER NOT NULL,

    CONSTRAINT "survey_trial_forms_pkey" PRIMARY KEY ("trial","version")
);
