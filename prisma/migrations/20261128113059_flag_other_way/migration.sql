-- AlterEnum
ALTER TYPE "flag_kind" ADD VALUE 'other_way';
