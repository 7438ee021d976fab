import java.io.InputStream;
import java.net.InetAddress;
import java.nio.file.*;
import java.security.*;
import javax.net.ssl.*;

/**
 * A TLS server as Java could be long ago: `OldServer PFX PROTOCOL,… SUITE,…` listens on loopback and says on which port; see tests/common/tls_server.rs.
 * A protocol or suite list of `-` leaves what this Java has by itself. With a fourth argument, `need`, it insists on a client certificate.
 */
public class OldServer {
    public static void main(String[] args) throws Exception {
        if (!args[1].equals("-")) {
            Security.setProperty("jdk.tls.disabledAlgorithms", "");
            Security.setProperty("jdk.certpath.disabledAlgorithms", "");
        }
        KeyStore store = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(Path.of(args[0]))) {
            store.load(in, new char[0]);
        }
        KeyManagerFactory identity = KeyManagerFactory.getInstance("PKIX");
        identity.init(store, new char[0]);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(identity.getKeyManagers(), null, null);
        SSLServerSocket listener = (SSLServerSocket) context.getServerSocketFactory().createServerSocket(0, 50, InetAddress.getLoopbackAddress());
        if (!args[1].equals("-")) {
            listener.setEnabledProtocols(args[1].split(","));
        }
        if (!args[2].equals("-")) {
            listener.setEnabledCipherSuites(args[2].split(","));
        }
        listener.setNeedClientAuth(args.length > 3 && args[3].equals("need"));
        System.out.println("ACCEPT 127.0.0.1:" + listener.getLocalPort());
        while (true) {
            SSLSocket socket = (SSLSocket) listener.accept();
            Thread thread = new Thread(() -> serve(socket));
            thread.setDaemon(true);
            thread.start();
        }
    }

    private static void serve(SSLSocket socket) {
        try (socket) {
            socket.setSoTimeout(120_000);
            socket.getInputStream().transferTo(java.io.OutputStream.nullOutputStream());
        } catch (Exception hungUp) {
            // The other end has seen what it wanted.
        }
    }
}
