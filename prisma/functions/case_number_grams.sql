-- Returns every four characters of a case's number (ABC-XXXX-XXXX-C) that stand together, without prefix and hyphens. In
-- PL/pgSQL, as PostgreSQL plans the body of an SQL function anew with each case.
CREATE OR REPLACE FUNCTION case_number_grams(number text) RETURNS text[] LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
DECLARE
  characters constant text := replace(substr(number, 5), '-', '');
  grams text[] := '{}';
BEGIN
  FOR at IN 1 .. length(characters) - 3 LOOP
    grams := grams || substr(characters, at, 4);
  END LOOP;
  RETURN grams;
END $$;
