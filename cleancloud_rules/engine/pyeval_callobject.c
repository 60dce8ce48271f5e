/* A function that Python 3.13 no longer has. durable_rules names it in callbacks that this package never sets.

   A compiler that accepts the undeclared name takes the result for an int, and so cuts a pointer to 32 bits. The null
   pointer is the only one that survives this. So nothing is called, and the callbacks treat the result as an error. */

void *PyEval_CallObject(void *callable, void *arguments)
{
    (void)callable;
    (void)arguments;
    return 0;
}
