import { useCommand } from '../use.ts';

export const command = useCommand('drain');
