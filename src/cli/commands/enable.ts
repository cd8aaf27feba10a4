import { useCommand } from '../use.ts';

export const command = useCommand('enable');
