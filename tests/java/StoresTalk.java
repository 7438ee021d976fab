import java.net.*;
import java.util.concurrent.*;
import javax.net.ssl.*;

/**
 * A server and a client with the stores that `-Djavax.net.ssl.…` names, each of which must have a certificate that the other one trusts:
 * `StoresTalk NAME` says `talked` and who the server was.
 */
public class StoresTalk {
    public static void main(String[] args) throws Exception {
        SSLContext context = SSLContext.getDefault();
        SSLServerSocket listener = (SSLServerSocket) context.getServerSocketFactory()
            .createServerSocket(0, 1, InetAddress.getLoopbackAddress());
        listener.setNeedClientAuth(true);
        CompletableFuture<Void> served = CompletableFuture.runAsync(() -> {
            try (SSLSocket socket = (SSLSocket) listener.accept()) {
                socket.getInputStream().read();
                socket.getOutputStream().write('b');
            } catch (Exception problem) {
                throw new CompletionException(problem);
            }
        });
        Socket plain = new Socket(InetAddress.getLoopbackAddress(), listener.getLocalPort());
        try (SSLSocket socket = (SSLSocket) context.getSocketFactory().createSocket(plain, args[0], listener.getLocalPort(), true)) {
            SSLParameters parameters = socket.getSSLParameters();
            parameters.setEndpointIdentificationAlgorithm("HTTPS");
            socket.setSSLParameters(parameters);
            socket.getOutputStream().write('a');
            if (socket.getInputStream().read() != 'b') throw new IllegalStateException("no answer");
            System.out.println("talked " + socket.getSession().getPeerPrincipal());
        }
        served.get();
    }
}
