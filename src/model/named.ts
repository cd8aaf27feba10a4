/** Services that one question for the status may name. */
export const MAX_NAMED = 64;
