-- AlterTable
ALTER TABLE "survey_suggestions" ADD COLUMN     "came_with_id" UUID;
