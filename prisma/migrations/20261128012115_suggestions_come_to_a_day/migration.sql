-- AlterTable
ALTER TABLE "survey_suggestions" ADD COLUMN     "outcome_on" DATE;
